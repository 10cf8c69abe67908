package dev.bunary.orm.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Time from the start of a process to its first result on each runtime, and the sizes of the jars. */
final class Startup {
    private static final int TIMES = 5;
    private static final List<Path> CLASS_PATH = Stream.of(
                    System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .toList();
    private static final String PROBE = "target" + File.separator + "classes";

    /** Stands for the framework's storage, which is a new one each time. */
    private static final String STORAGE = "storage";

    private final Path work;
    private final PrintStream out;
    private final List<Path> bundles = Stream.of(
                    "sqlite-jdbc",
                    "bunary-orm-driver-api",
                    "bunary-orm-jdbc",
                    "bunary-orm-driver-sqlite",
                    "bunary-orm-" + Competitor.version("bunary"))
            .map(Startup::jar)
            .toList();

    private Startup(Path work, PrintStream out) {
        this.work = work;
        this.out = out;
    }

    static void run(Path work, PrintStream out) throws Exception {
        new Startup(work, out).run();
    }

    private void run() throws Exception {
        out.println(
                "From the start of the process to the first `find(1)` on an existing file, the fastest and the median of "
                        + TIMES + ":");
        out.println();
        out.println("| | fastest | median | classes loaded |");
        out.println("|---|---|---|---|");
        measure("JDBC alone, class path", withoutOrm());
        measure("class path", onClassPath());
        measure("module path", onModulePath());
        measure("bare Felix, bundles installed for the first time", inFelix());
        out.println();
        out.println("| jar | bytes |");
        out.println("|---|---|");
        for (Path bundle : bundles) {
            out.printf(Locale.ROOT, "| %s | %,d |%n", bundle.getFileName(), Files.size(bundle));
        }
        out.println();
    }

    /** What Java and sqlite-jdbc take on this machine today. */
    private List<String> withoutOrm() {
        List<String> command = Java.bare();
        command.addAll(List.of("-cp", jar("sqlite-jdbc") + File.pathSeparator + probe()));
        command.addAll(List.of(FirstJdbcQuery.class.getName(), database()));
        return command;
    }

    private List<String> onClassPath() {
        List<String> command = Java.bare();
        command.addAll(List.of("-cp", path(bundles) + File.pathSeparator + probe()));
        command.addAll(List.of(FirstQuery.class.getName(), database()));
        return command;
    }

    /** The product as named modules; the application above them is on the class path. */
    private List<String> onModulePath() {
        List<String> command = Java.bare();
        command.addAll(List.of("-p", path(bundles), "--add-modules", "dev.bunary.orm,dev.bunary.orm.driver.sqlite"));
        command.addAll(List.of("-cp", probe().toString(), FirstQuery.class.getName(), database()));
        return command;
    }

    private List<String> inFelix() throws IOException {
        Path configuration = work.resolve("felix.properties");
        Files.writeString(
                configuration,
                "connection.default.type=sqlite\nconnection.default.path="
                        + database().replace('\\', '/') + "\n");
        List<String> command = Java.bare();
        command.addAll(List.of("-cp", jar("org.apache.felix.framework") + File.pathSeparator + probe()));
        command.addAll(List.of(FirstQueryInFelix.class.getName(), STORAGE, configuration.toString()));
        bundles.forEach(bundle -> command.add(bundle.toString()));
        return command;
    }

    private void measure(String title, List<String> command) throws Exception {
        List<Long> millis = new ArrayList<>();
        String classes = "";
        Path errors = work.resolve("errors");
        for (int i = 0; i < TIMES; i++) {
            List<String> once = new ArrayList<>(command);
            once.replaceAll(word ->
                    word.equals(STORAGE) ? work.resolve(STORAGE + millis.size()).toString() : word);
            long begin = System.currentTimeMillis();
            Process process = new ProcessBuilder(once)
                    .redirectError(errors.toFile()) // warnings of newer JDKs about older libraries
                    .start();
            String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(
                        title + " ended with " + process.exitValue() + ": " + Files.readString(errors));
            }
            millis.add(Long.parseLong(told.split(" ")[0]) - begin);
            classes = told.split(" ")[1];
        }
        millis.sort(null);
        out.printf("| %s | %d ms | %d ms | %s |%n", title, millis.get(0), millis.get(TIMES / 2), classes);
    }

    private String database() {
        return work.resolve("source.db").toString();
    }

    private static Path probe() {
        return CLASS_PATH.stream()
                .filter(path -> path.endsWith(PROBE))
                .findFirst()
                .orElseThrow();
    }

    private static Path jar(String name) {
        return CLASS_PATH.stream()
                .filter(path -> path.getFileName().toString().matches("\\Q" + name + "\\E(-[0-9].*)?\\.jar"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no jar " + name + " in " + CLASS_PATH));
    }

    private static String path(List<Path> jars) {
        return String.join(File.pathSeparator, jars.stream().map(Path::toString).toList());
    }
}
