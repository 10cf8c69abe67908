/** A bundle with a driver that has a password, which SQLite has not. Packed by the tests. */
package dev.bunary.orm.it.felix.vault;
