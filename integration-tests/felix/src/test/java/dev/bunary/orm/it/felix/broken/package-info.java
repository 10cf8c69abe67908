/** A bundle whose driver factories are announced wrongly. Packed by the tests. */
package dev.bunary.orm.it.felix.broken;
