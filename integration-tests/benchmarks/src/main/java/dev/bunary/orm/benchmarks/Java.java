package dev.bunary.orm.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The Java that runs, for processes that run on it too. */
final class Java {
    private Java() {}

    /** A command with this process's class path, to which the main class and its arguments are to be added. */
    static List<String> command(String... options) {
        List<String> command = bare(options);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        return command;
    }

    /** A command without a class path. */
    static List<String> bare(String... options) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of(options));
        return command;
    }
}
