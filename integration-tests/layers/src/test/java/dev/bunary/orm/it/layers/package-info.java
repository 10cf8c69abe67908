/** Hot swap on plain JPMS. */
package dev.bunary.orm.it.layers;
