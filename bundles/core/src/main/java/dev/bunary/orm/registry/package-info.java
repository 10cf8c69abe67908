/** The engine: which factory serves a connection, and how its driver is swapped under load. Knows no framework. */
@NullMarked
package dev.bunary.orm.registry;

import org.jspecify.annotations.NullMarked;
