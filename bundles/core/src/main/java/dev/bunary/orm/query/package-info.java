/** The query builder. */
@Export
@Version("1.0.0")
@NullMarked
package dev.bunary.orm.query;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
