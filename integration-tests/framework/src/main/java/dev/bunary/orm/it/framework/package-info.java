/** A bare OSGi framework for a test, the jars to put into it, and waiting with a limit. */
package dev.bunary.orm.it.framework;
