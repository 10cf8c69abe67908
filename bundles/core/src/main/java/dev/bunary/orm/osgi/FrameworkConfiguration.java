package dev.bunary.orm.osgi;

import dev.bunary.orm.OrmConfig;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.framework.BundleContext;

/** Reads the file that the framework property {@code bunary.orm.config} names. */
final class FrameworkConfiguration {
    static final String PROPERTY = "bunary.orm.config";

    private FrameworkConfiguration() {}

    static Optional<OrmConfig> read(BundleContext context) {
        return Optional.ofNullable(context.getProperty(PROPERTY)).map(file -> OrmConfig.load(Path.of(file)));
    }
}
