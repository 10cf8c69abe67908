/** The module path. */
package dev.bunary.orm.it.modulepath;
