/** The class path. */
package dev.bunary.orm.it.classpath;
