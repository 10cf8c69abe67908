package dev.bunary.orm.it.datasource;

import dev.bunary.orm.it.datasource.consumer.ConsumerActivator;
import dev.bunary.orm.it.datasource.probe.Probe;
import dev.bunary.orm.it.framework.BundleJar;
import java.io.IOException;
import java.nio.file.Path;

/** The shipped jars, those of others, and the consumer bundle. */
final class Jars {
    private static final Path FOLDER = Path.of(System.getProperty("jars"));
    static final Path DRIVER_API = FOLDER.resolve("bunary-orm-driver-api.jar");
    static final Path CORE = FOLDER.resolve("bunary-orm.jar");
    static final Path JDBC = FOLDER.resolve("bunary-orm-jdbc.jar");
    static final Path DRIVER = FOLDER.resolve("bunary-orm-driver-datasource.jar");
    static final Path HIKARI = FOLDER.resolve("HikariCP.jar");
    static final Path SLF4J = FOLDER.resolve("slf4j-api.jar");

    static final Path JDBC_SERVICE = FOLDER.resolve("org.osgi.service.jdbc.jar");
    static final Path H2 = FOLDER.resolve("h2.jar");

    private Jars() {}

    /** The bundle that takes the {@code Orm} service and offers a probe. */
    static Path consumer(Path folder) throws IOException {
        return BundleJar.of(
                folder,
                ConsumerActivator.class,
                "dev.bunary.orm",
                "dev.bunary.orm.driver",
                "dev.bunary.orm.query",
                "dev.bunary.orm.swap",
                Probe.class.getPackageName(),
                "javax.sql",
                "org.osgi.framework",
                "org.osgi.service.jdbc",
                "org.osgi.util.tracker");
    }
}
