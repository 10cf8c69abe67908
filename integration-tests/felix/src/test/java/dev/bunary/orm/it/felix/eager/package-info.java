/** A bundle that does what it is told inside its start. */
@NullMarked
package dev.bunary.orm.it.felix.eager;

import org.jspecify.annotations.NullMarked;
