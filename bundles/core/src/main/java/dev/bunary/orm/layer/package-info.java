/** The feeder of plain JPMS: drivers in module layers of their own. */
@NullMarked
package dev.bunary.orm.layer;

import org.jspecify.annotations.NullMarked;
