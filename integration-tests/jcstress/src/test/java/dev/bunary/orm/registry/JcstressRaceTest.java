package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;

/** Runs jcstress in a process of its own, on a profile of seconds, and reads what it found. */
@Timeout(150)
class JcstressRaceTest {
    private static final long LIMIT_SECONDS = 120;
    private static final List<String> RACES = List.of(
            "CandidateRaces.DepartWhileOpening",
            "GenerationRaces.LateRelease",
            "GenerationRaces.Operation",
            "GenerationRaces.WorkInsideWork",
            "LeaseCounterRaces.OneWorker",
            "LeaseCounterRaces.ReleasedElsewhere",
            "PinnedLeaseRaces.AbandonWhileReleased",
            "PinnedLeaseRaces.RetainWhileReleased");

    @Test
    void races_underJcstress_haveNoForbiddenOutcome() throws Exception {
        Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "jcstress-");
        Path log = folder.resolve("output.txt");

        int code = run(folder, log);

        String output = Files.readString(log);
        var samples = new TreeMap<String, Long>();
        for (TestResult result : results(folder)) {
            String race = result.getName().replaceFirst(".*registry\\.", "").replace('$', '.');
            var grading = result.grading();
            grading.gradingResults
                    .values()
                    .forEach(found ->
                            System.out.println(race + " " + found.expect + " (" + found.id + ") x " + found.count));
            assertEquals(Status.NORMAL, result.status(), output);
            assertTrue(grading.isPassed, output);
            samples.merge(race, result.getTotalCount(), Long::sum);
        }
        samples.forEach((race, count) -> System.out.println(race + ": " + count + " samples, no forbidden outcome"));
        assertEquals(0, code, output);
        // a race that needs more processors than there are would be left out in silence
        assertEquals(RACES, List.copyOf(samples.keySet()), output);
        samples.forEach((race, count) -> assertTrue(count > 1000, race + " ran only " + count + " times"));
    }

    private static int run(Path folder, Path log) throws IOException, InterruptedException {
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                classPath(),
                "org.openjdk.jcstress.Main",
                // two processors, one fork per configuration, two short iterations in each
                "-c",
                "2",
                "-f",
                "1",
                "-iters",
                "2",
                "-time",
                "150",
                "-sc",
                "false",
                "-af",
                "NONE",
                "-v",
                // the machine may be busy with other tests
                "-spinStyle",
                "THREAD_YIELD",
                "-jvmArgs",
                "-XX:+UseSerialGC -Xmx256m",
                "-r",
                folder.resolve("report").toString());
        Process jcstress = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertTrue(jcstress.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "jcstress still runs; see " + log);
            return jcstress.exitValue();
        } finally {
            jcstress.descendants().forEach(ProcessHandle::destroyForcibly);
            jcstress.destroyForcibly();
        }
    }

    /** What this test itself sees; surefire may have put it in the manifest of a jar. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static List<TestResult> results(Path folder) throws IOException, ClassNotFoundException {
        Path blob;
        try (Stream<Path> files = Files.list(folder)) {
            Predicate<Path> isBlob = file -> file.toString().endsWith(".bin.gz");
            blob = files.filter(isBlob).findFirst().orElseThrow();
        }
        var results = new ArrayList<TestResult>();
        var reader = new DiskReadCollector(blob.toString(), results::add);
        try {
            reader.dump();
        } finally {
            reader.close();
        }
        return results;
    }
}
