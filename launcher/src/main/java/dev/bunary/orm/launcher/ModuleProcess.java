package dev.bunary.orm.launcher;

import dev.bunary.orm.Orm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A process that runs the same command line on plain JPMS: the ORM and the load are named modules on its module path. Only
 * the launcher stays on the class path, so both kinds of process share its code.
 */
final class ModuleProcess {
    private static final String CORE = "dev.bunary.orm";
    private static final String LOAD = "dev.bunary.orm.soak";

    /** From this version on the JDK warns of native code unless the command line allows it. */
    private static final int NATIVE_ACCESS_IS_ASKED_FOR = 24;

    /** Enough for a drain, and for the files to be deleted. */
    private static final int END_LIMIT_SECONDS = 30;

    private ModuleProcess() {}

    /** Whether this is such a process. */
    static boolean isThis() {
        return Orm.class.getModule().isNamed();
    }

    /** Runs the command line in such a process, which ends with this one. Gives its exit code. */
    static int run(List<String> arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(arguments)).inheritIO().start();
        try (var closing = new Closing()) {
            closing.add(() -> {
                process.destroy();
                if (!process.waitFor(END_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            });
            return process.waitFor();
        }
    }

    private static List<String> command(List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= NATIVE_ACCESS_IS_ASKED_FOR) {
            command.add("--enable-native-access=" + CORE);
        }
        for (String property : List.of(Layout.PROPERTY, "java.io.tmpdir")) {
            command.add("-D" + property + "=" + System.getProperty(property));
        }
        command.addAll(List.of("--module-path", modulePath(), "--add-modules", LOAD));
        // it holds the ORM too, but what is in a module of the process is taken from there
        command.addAll(List.of("--class-path", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(arguments);
        return command;
    }

    private static String modulePath() {
        return Layout.ofThisProcess().application().stream()
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }
}
