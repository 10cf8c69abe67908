/** A bundle like a user's, which the tests drive through Karaf's shell. Packed by the tests. */
package dev.bunary.orm.it.karaf.probe;
