/**
 * The contract between the ORM and a database driver: configuration, statements, rows, dialect and errors.
 *
 * <p>A driver author implements {@link dev.bunary.orm.driver.DriverFactory} and
 * {@link dev.bunary.orm.driver.DatabaseDriver}; everything else here is used or overridden for speed.
 */
@Export
@Version("1.0.0")
@NullMarked
package dev.bunary.orm.driver;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
