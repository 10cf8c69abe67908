package dev.bunary.orm.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.Function;
import org.osgi.framework.BundleException;

/** A framework with the ORM, its SQLite driver and the consumer bundle that puts load on it. */
final class ConsumerFramework {
    private final Closing closing;
    private final EmbeddedFramework framework;

    private ConsumerFramework(Closing closing, EmbeddedFramework framework) {
        this.closing = closing;
        this.framework = framework;
    }

    /** Boots it in a folder, with one SQLite connection. It is closed with what else the command has opened. */
    static ConsumerFramework boot(Closing closing, Path folder, Map<String, String> connection)
            throws IOException, BundleException {
        Path config = ConnectionFile.write(folder.resolve("consumer.properties"), "sqlite", connection);
        var framework = closing.add(EmbeddedFramework.boot(
                folder.resolve("framework"), Map.of(ConnectionFile.PROPERTY, config.toString())));
        var jars = new ArrayList<>(Layout.ofThisProcess().bundles());
        jars.addAll(Layout.ofThisProcess().demo());
        framework.installAndStart(jars);
        return new ConsumerFramework(closing, framework);
    }

    EmbeddedFramework framework() {
        return framework;
    }

    /** Calls the consumer bundle; it has other classes than the launcher, so both speak in types of the JDK. */
    @SuppressWarnings("unchecked") // the contract of the service, see the soak bundle's activator
    Map<String, ?> call(String run, Map<String, ?> request) {
        Function<Map<String, ?>, Map<String, ?>> door = framework.service(Function.class, "(bunary.soak=" + run + ")");
        try {
            return door.apply(request);
        } catch (RuntimeException failure) {
            throw closing.processEnds() ? new LauncherException("ended before it was done", failure) : failure;
        }
    }

    /** What is running here, for the first line of output. */
    @Override
    public String toString() {
        return "Bunary ORM %s, %s, Java %s"
                .formatted(
                        Main.Versions.version(),
                        framework.version(),
                        Runtime.version().feature());
    }
}
