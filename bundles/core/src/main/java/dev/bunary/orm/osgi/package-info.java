/** The bundle's activator and tracker; the only place with OSGi types. */
package dev.bunary.orm.osgi;
