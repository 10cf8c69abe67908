/**
 * A run of load over a swapped driver: {@link dev.bunary.orm.soak.Scenario} tells the story, {@link
 * dev.bunary.orm.soak.Load} makes the load, {@link dev.bunary.orm.soak.Ledger} holds what was acknowledged. Works on any
 * {@link dev.bunary.orm.Orm} over SQLite, in OSGi or not.
 */
// its classes work only with those of this very bundle
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("1.0.0")
@NullMarked
package dev.bunary.orm.soak;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
