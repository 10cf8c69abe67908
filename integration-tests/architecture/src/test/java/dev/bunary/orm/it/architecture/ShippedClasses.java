package dev.bunary.orm.it.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import org.osgi.annotation.bundle.Export;

/** The classes of all bundles, read once from the jars on the class path; this module's own are left out. */
final class ShippedClasses {
    static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(Location::isArchive)
            .withImportOption(ShippedClasses::isOurs)
            .importPackages("dev.bunary.orm");

    private ShippedClasses() {}

    /** Whether other bundles can see the class: its package says {@code @Export}. */
    static boolean isExported(JavaClass type) {
        return type.getPackage()
                .tryGetPackageInfo()
                .map(info -> info.isAnnotatedWith(Export.class))
                .orElse(false);
    }

    private static boolean isOurs(Location location) {
        return location.contains("/bunary-orm");
    }
}
