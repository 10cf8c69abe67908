package dev.bunary.orm.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.Orm;
import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many rows and wide ones. */
@Timeout(300)
final class LargeResultTest {
    private static final int ROWS = 1_000_000;
    private static final int COLUMNS = 500;

    @TempDir
    private Path folder;

    /** A process of its own, with a heap that holds a twentieth of the rows. */
    static final class Reader {
        private Reader() {}

        public static void main(String[] args) {
            try (Orm orm = open(Path.of(args[0]));
                    Stream<Row> rows = orm.table("numbers").stream()) {
                System.out.println(
                        rows.mapToLong(row -> row.getString("text").length()).summaryStatistics());
            }
        }
    }

    private static Orm open(Path file) {
        return Orm.create(OrmConfig.of(DatabaseConfig.of("sqlite", Map.of("path", file.toString()))));
    }

    @Test
    void stream_ofAMillionRows_fitsASmallHeap() throws Exception {
        Path file = folder.resolve("million.db");
        try (Orm orm = open(file)) {
            orm.getDriver().exec("CREATE TABLE numbers (id INTEGER PRIMARY KEY, text TEXT)");
            orm.getDriver()
                    .exec(
                            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
                                    + " INSERT INTO numbers SELECT i, printf('%0100d', i) FROM n",
                            ROWS);
        }
        Path output = folder.resolve("output");
        Process reader = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Reader.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertTrue(reader.waitFor(200, TimeUnit.SECONDS), "the reader has not ended");
        } finally {
            reader.destroyForcibly();
        }
        String told = Files.readString(output);
        assertEquals(0, reader.exitValue(), told);
        assertTrue(told.contains("count=" + ROWS) && told.contains("min=100") && told.contains("max=100"), told);
    }

    @Test
    void row_of500Columns_isWrittenAndRead() {
        List<String> columns =
                Stream.iterate(0, i -> i + 1).limit(COLUMNS).map(i -> "c" + i).toList();
        Map<String, Object> values = new LinkedHashMap<>();
        columns.forEach(column -> values.put(column, "value of " + column));
        try (Orm orm = open(folder.resolve("wide.db"))) {
            orm.getDriver()
                    .exec("CREATE TABLE wide (id INTEGER PRIMARY KEY, " + String.join(" TEXT, ", columns) + " TEXT)");
            assertEquals(1, orm.table("wide").insert(values));
            Row row = orm.table("wide").exclude("id").find(1).orElseThrow();
            assertEquals(values, row.toMap());
            List<String> last = orm.table("wide")
                    .as(header -> {
                        int index = header.index("c" + (COLUMNS - 1));
                        return read -> read.getString(index);
                    })
                    .all();
            assertEquals(List.of("value of c499"), last);
        }
    }
}
