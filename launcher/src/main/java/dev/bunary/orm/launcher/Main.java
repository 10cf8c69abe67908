package dev.bunary.orm.launcher;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line. Exit codes: 0 done, 1 failed, 2 wrong use. */
@Command(
        name = "bunary",
        description = "Bunary ORM: database drivers that are swapped in a running process.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class,
        subcommands = {DemoCommand.class, StartCommand.class, HelpCommand.class},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed; one line says why", "2:wrong command or option"})
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Show stack traces.")
    private boolean verbose;

    /** For picocli. */
    public Main() {}

    /**
     * Runs a command and ends the process.
     *
     * @param args the command and its options
     */
    public static void main(String... args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        var main = new Main();
        return new CommandLine(main)
                .setExecutionExceptionHandler((failure, command, parsed) -> main.failed(failure, command.getErr()));
    }

    /** Called when no command is named. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command");
    }

    private int failed(Exception failure, PrintWriter err) {
        err.println("bunary: " + firstLine(failure));
        if (verbose) {
            failure.printStackTrace(err);
        }
        err.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static String firstLine(Throwable failure) {
        String message = failure.getMessage();
        return message == null
                ? failure.toString()
                : message.lines().findFirst().orElse(failure.toString());
    }

    /** The version, from the jar's manifest. */
    static final class Versions implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"bunary " + version()};
        }

        static String version() {
            String version = Main.class.getPackage().getImplementationVersion();
            return version == null ? "(unpackaged)" : version;
        }
    }
}
