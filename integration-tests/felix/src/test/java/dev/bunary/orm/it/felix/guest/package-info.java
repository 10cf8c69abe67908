/** A bundle that leaves behind what it gets, under as many names as a test wants. Packed by the tests. */
package dev.bunary.orm.it.felix.guest;
