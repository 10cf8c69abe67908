/** A bundle that starts another one while it is started. Packed by the tests. */
package dev.bunary.orm.it.felix.nested;
