/** The bundle's activator and trackers: announces a factory for each JDBC service. The only place with OSGi types. */
@NullMarked
package dev.bunary.orm.driver.datasource.osgi;

import org.jspecify.annotations.NullMarked;
