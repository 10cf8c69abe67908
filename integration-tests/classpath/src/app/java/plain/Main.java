package plain;

import hotswap.Checks;
import java.nio.file.Path;

/** {@code Main COMMAND JARS PREVIOUS WORK SEED}: a folder with a driver's jars, an older sqlite-jdbc, a folder to work in. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws Exception {
        var drivers = new Drivers(Path.of(arguments[1]), Path.of(arguments[2]));
        Path work = Path.of(arguments[3]);
        var checks = new Checks();
        switch (arguments[0]) {
            case "load" -> new LoadRun(drivers, work, Long.parseLong(arguments[4]), checks).run();
            case "deadline" -> new DeadlineRun(drivers, work, checks).run();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.out.println(checks.failed() == 0 ? "PASSED" : "FAILED " + checks.failed());
        System.exit(checks.failed() == 0 ? 0 : 1);
    }
}
