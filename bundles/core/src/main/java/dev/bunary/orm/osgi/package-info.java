/** The bundle's activator and tracker; the only place with OSGi types. */
@NullMarked
package dev.bunary.orm.osgi;

import org.jspecify.annotations.NullMarked;
