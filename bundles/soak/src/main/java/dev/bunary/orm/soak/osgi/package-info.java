/** The bundle's activator; the only place with OSGi types. */
@NullMarked
package dev.bunary.orm.soak.osgi;

import org.jspecify.annotations.NullMarked;
