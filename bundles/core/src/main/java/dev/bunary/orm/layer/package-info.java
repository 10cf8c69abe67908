/** The feeder of plain JPMS: drivers in module layers of their own. */
package dev.bunary.orm.layer;
