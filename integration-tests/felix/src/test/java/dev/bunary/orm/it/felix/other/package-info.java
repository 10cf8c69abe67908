/** A driver bundle of someone else: four methods, ranking 0, for type sqlite. Packed by the tests. */
package dev.bunary.orm.it.felix.other;
