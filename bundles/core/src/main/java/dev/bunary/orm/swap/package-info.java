/** What can be seen of driver swaps: status, events and registrations. Values only. */
// its classes work only with those of this very bundle
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("1.0.0")
@NullMarked
package dev.bunary.orm.swap;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
