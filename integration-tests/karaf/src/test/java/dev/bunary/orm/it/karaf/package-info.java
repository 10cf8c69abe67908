/** The features in a real Karaf in a process of its own, offline. */
@NullMarked
package dev.bunary.orm.it.karaf;

import org.jspecify.annotations.NullMarked;
