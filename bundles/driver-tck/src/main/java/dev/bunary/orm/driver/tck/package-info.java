/**
 * The contract of {@link dev.bunary.orm.driver.DatabaseDriver} as tests. A driver's test class extends
 * {@link dev.bunary.orm.driver.tck.DatabaseDriverContract} and says how to make a driver; the tests are inherited.
 */
@Export
@Version("1.0.0")
@NullMarked
package dev.bunary.orm.driver.tck;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
