/** The front door: {@link dev.bunary.orm.Bunary} and {@link dev.bunary.orm.Model} are static, {@link dev.bunary.orm.Orm} is the object behind them. */
@Export
@Version("1.0.0")
@NullMarked
package dev.bunary.orm;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
