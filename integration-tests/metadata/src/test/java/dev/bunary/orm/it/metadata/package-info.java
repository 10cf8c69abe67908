/** What the shipped jars say of themselves. */
package dev.bunary.orm.it.metadata;
