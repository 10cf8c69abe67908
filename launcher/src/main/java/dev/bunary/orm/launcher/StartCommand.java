package dev.bunary.orm.launcher;

import dev.bunary.orm.OrmConfig;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.BundleWiring;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Boots the framework for real use, and serves until it is told to stop. */
@Command(
        name = "start",
        description = "Boots the ORM in Felix and serves until SIGTERM, Ctrl-C or the shell's 'exit 0'.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class,
        footerHeading = "%nThe configuration file:%n",
        footer = {
            "  connection.default.type=sqlite",
            "  connection.default.path=/var/lib/app/data.sqlite",
            "  connection.reports.type=datasource",
            "  connection.reports.url=jdbc:h2:tcp://localhost/reports",
            "  connection.reports.password=$${env:REPORTS_PASSWORD}",
            "  acquireTimeout=10s",
            "  drainTimeout=5s",
            "  openTimeout=10s",
            "A value $${env:NAME} is taken from the environment, so that secrets stay out of the file."
        })
final class StartCommand implements Callable<Integer> {
    private static final Pattern OF_THE_FRAMEWORK = Pattern.compile("bundle\\d+|cache\\.lock");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--drivers",
            paramLabel = "DIR",
            description = "A jar copied into this folder is installed; replaced, updated; deleted, uninstalled.")
    private @Nullable Path drivers;

    @Option(names = "--config", paramLabel = "FILE", description = "The connections, see below.")
    private @Nullable Path config;

    @Option(
            names = "--storage",
            paramLabel = "DIR",
            description =
                    "Where the framework keeps its bundles, emptied at start; a fresh temporary folder without it.")
    private @Nullable Path storage;

    @Override
    public Integer call() throws Exception {
        Logging.oneLine(Level.INFO);
        Optional<OrmConfig> connections = connections();
        if (drivers != null && !Files.isDirectory(drivers)) {
            throw new LauncherException("drivers folder " + drivers + " does not exist; create it or name another");
        }
        requireOwnStorage();
        var closing = new Closing();
        try (closing) {
            var framework = boot(closing);
            say("bunary %s ready: %s, Java %s, connections: %s, drivers folder: %s, pid %d"
                    .formatted(
                            Main.Versions.version(),
                            framework.version(),
                            Runtime.version(),
                            shown(connections),
                            drivers == null ? "none" : drivers,
                            ProcessHandle.current().pid()));
            openShell(framework);
            framework.awaitStop();
        }
        return 0;
    }

    /** The framework deletes all that is in its storage when it starts, so nothing of the user may be there. */
    private void requireOwnStorage() throws IOException {
        if (storage == null || !Files.exists(storage)) {
            return;
        }
        if (!Files.isDirectory(storage)) {
            throw new LauncherException("storage " + storage + " is not a folder; name another");
        }
        try (Stream<Path> files = Files.list(storage)) {
            Optional<Path> foreign = files.map(Path::getFileName)
                    .filter(name -> !OF_THE_FRAMEWORK.matcher(name.toString()).matches())
                    .findFirst();
            if (foreign.isPresent()) {
                throw new LauncherException("storage folder " + storage + " holds " + foreign.get()
                        + ", which the framework would delete; name an empty folder or a new one");
            }
        }
    }

    private EmbeddedFramework boot(Closing closing) throws IOException, BundleException, InterruptedException {
        Path temporary = closing.add(TempFolder.create("bunary")).path();
        Path bundles = storage == null ? temporary.resolve("framework") : storage;
        var layout = Layout.ofThisProcess();
        var framework = closing.add(EmbeddedFramework.boot(bundles, properties()));
        framework.installAndStart(layout.bundles());
        if (drivers != null) {
            watch(closing, framework, layout, Files.createDirectory(temporary.resolve("staging")), drivers);
        }
        return framework;
    }

    private void watch(Closing closing, EmbeddedFramework framework, Layout layout, Path staging, Path folder)
            throws IOException, InterruptedException {
        Consumer<String> out = this::say;
        try {
            var deployment = new Deployment(framework, staging, layout.bundles(), out);
            closing.add(new DropFolderThread(folder, deployment, out)).start();
        } catch (RejectedJarException broken) {
            throw new LauncherException(
                    "a jar in " + layout.home() + " is damaged: " + broken.getMessage() + "; build again", broken);
        }
    }

    private Map<String, String> properties() {
        var properties = new HashMap<String, String>();
        if (config != null) {
            properties.put(ConnectionFile.PROPERTY, config.toAbsolutePath().toString());
        }
        return properties;
    }

    /** Read here too, so that a mistake in the file is an error of this command and not a line in a log. */
    private Optional<OrmConfig> connections() {
        if (config == null) {
            return Optional.empty();
        }
        if (!Files.isRegularFile(config)) {
            throw new LauncherException("configuration file " + config + " does not exist; name another");
        }
        return Optional.of(OrmConfig.load(config));
    }

    private static String shown(Optional<OrmConfig> config) {
        return config.map(connections -> connections.connections().entrySet().stream()
                        .map(connection -> connection.getKey() + " ("
                                + connection.getValue().type() + ")")
                        .collect(Collectors.joining(", ")))
                .orElse("none, as no --config is given");
    }

    private static void openShell(EmbeddedFramework framework) throws IOException, BundleException {
        if (!isTerminal(System.console())) {
            return;
        }
        var layout = Layout.ofThisProcess();
        Bundle jline = framework.install(layout.jline());
        jline.start();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try {
            // JLine finds its terminals through the context class loader, which the shell's thread inherits
            thread.setContextClassLoader(jline.adapt(BundleWiring.class).getClassLoader());
            framework.installAndStart(layout.shell());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** From JDK 22 on there is a console without a terminal too, and a method that tells; on 17 there is neither. */
    private static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException beforeJdk22) {
            return true;
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
