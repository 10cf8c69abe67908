package dev.bunary.orm.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;

/** The command: {@code --quick} for CI's gate, nothing for all tables. */
final class Benchmarks {
    private Benchmarks() {}

    /** {@code [--quick] FOLDER}; the folder is for files of the run. */
    public static void main(String[] args) throws Exception {
        Path work = Path.of(args[args.length - 1]).toAbsolutePath();
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (args[0].equals("--quick")) {
            out.println(machine());
            out.println();
            System.exit(Quick.run(work, out));
        }
        out.println("# Benchmarks");
        out.println();
        out.println("Printed by `integration-tests/benchmarks/run`; how it measures is in CONTRIBUTING.md.");
        out.println();
        String machine = machine();
        out.println(machine);
        out.println();
        boolean valid = Table.run(work, machine, out);
        Parts.run(out);
        Throughput.run(work, out);
        Growth.run(work, out);
        Startup.run(work, out);
        System.exit(valid ? Quick.MET : Quick.VOID);
    }

    private static String machine() throws IOException {
        return String.format(
                Locale.ROOT,
                "%s, Java %s (%s), %s %s, %d processors (%s), load %.1f at the start, sqlite-jdbc %s.",
                LocalDate.now(),
                Runtime.version(),
                System.getProperty("java.vm.vendor"),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                processor(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                Competitor.version("sqlite"));
    }

    private static String processor() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.exists(info)) {
            return "of a kind this system does not tell";
        }
        return Files.readAllLines(info).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("of a kind this system does not tell");
    }
}
