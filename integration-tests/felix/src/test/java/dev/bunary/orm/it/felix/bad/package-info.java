/** A driver bundle for type sqlite whose factory gives no driver that works. Packed by the tests. */
package dev.bunary.orm.it.felix.bad;
