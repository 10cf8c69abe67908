/** A bundle that configures the ORM by code. Packed by the tests. */
package dev.bunary.orm.it.felix.configuration;
