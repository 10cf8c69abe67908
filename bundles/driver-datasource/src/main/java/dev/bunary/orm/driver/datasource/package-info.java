/**
 * Any {@link javax.sql.DataSource} as a hot-swappable driver.
 *
 * <pre>{@code
 * orm.registerDriver("datasource", DataSourceDriverFactory.of(dataSource));
 * }</pre>
 *
 * <p>In OSGi nothing is called by name: the bundle announces every JDBC service that is there, as
 * {@link dev.bunary.orm.driver.datasource.DataSourceDriverFactory} tells.
 */
@Export(substitution = Export.Substitution.NOIMPORT) // beside a second version, each must use its own classes
@Version("1.0.0")
@NullMarked
package dev.bunary.orm.driver.datasource;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
