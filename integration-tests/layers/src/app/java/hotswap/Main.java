package hotswap;

import java.nio.file.Path;

/** {@code Main COMMAND DRIVER PREVIOUS WORK SEED [BAD]}: two folders with a driver's jars, one to work in, a bad jar. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws Exception {
        var setting = new Setting(
                Path.of(arguments[1]), Path.of(arguments[2]), Path.of(arguments[3]), Long.parseLong(arguments[4]));
        System.out.println("seed " + setting.seed());
        var checks = new Checks();
        switch (arguments[0]) {
            case "load" -> new LoadRun(setting, checks).run();
            case "shared" -> new SharedFileRun(setting, checks).run();
            case "leaks" -> new LeakRun(setting, checks).run();
            case "watch" -> new WatchRun(setting, checks).run();
            case "rules" -> new RulesRun(setting, checks).run();
            case "precedence" -> new PrecedenceRun(setting, checks).run();
            case "bad" -> new BadRun(setting, Path.of(arguments[5]), checks).run();
            case "deadline" -> new DeadlineRun(setting, checks).run();
            case "exit" -> new ExitRun(setting, checks).run();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.out.println(checks.failed() == 0 ? "PASSED" : "FAILED " + checks.failed());
        System.exit(checks.failed() == 0 ? 0 : 1);
    }
}
