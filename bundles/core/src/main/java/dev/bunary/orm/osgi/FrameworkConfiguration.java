package dev.bunary.orm.osgi;

import dev.bunary.orm.Bunary;
import dev.bunary.orm.OrmConfig;
import java.nio.file.Path;
import org.osgi.framework.BundleContext;

/** Configures from the file that the framework property {@code bunary.orm.config} names, if it is set. */
final class FrameworkConfiguration {
    private static final String PROPERTY = "bunary.orm.config";

    private FrameworkConfiguration() {}

    static void applyTo(BundleContext context) {
        String file = context.getProperty(PROPERTY);
        if (file != null) {
            Bunary.setOrmConfig(OrmConfig.load(Path.of(file)));
        }
    }
}
