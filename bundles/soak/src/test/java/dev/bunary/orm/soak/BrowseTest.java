package dev.bunary.orm.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.Orm;
import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.driver.DatabaseConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BrowseTest {
    @TempDir
    private Path folder;

    private final List<String> lines = new ArrayList<>();
    private Orm orm;

    @BeforeEach
    void open() {
        orm = Orm.create(OrmConfig.of(DatabaseConfig.of(
                "sqlite", Map.of("path", folder.resolve("b.sqlite").toString()))));
    }

    @AfterEach
    void close() {
        orm.close();
    }

    @Test
    void run_severalTables_takesTheFirstWithRowsAndAKeyOfOneColumn() {
        exec("CREATE TABLE a_empty (id INTEGER PRIMARY KEY)");
        exec("CREATE TABLE b_two (x TEXT, y TEXT, PRIMARY KEY (x, y)) WITHOUT ROWID");
        exec("INSERT INTO b_two VALUES ('1', '2')");
        exec("CREATE TABLE `c odd name` (code TEXT PRIMARY KEY, content BLOB)");
        exec("INSERT INTO `c odd name` VALUES ('k1', x'010203'), ('k2', NULL)");

        assertTrue(new Browse(orm, lines::add).run(Map.of()));

        assertEquals("Tables: a_empty, b_two, c odd name", lines.get(0));
        assertEquals("Table c odd name, key code", lines.get(1));
        assertTrue(lines.contains("  count: 2"), lines.toString());
        assertTrue(lines.contains("     code=k1, content=3 bytes"), lines.toString());
        assertTrue(lines.contains("  find(k1): code=k1, content=3 bytes"), lines.toString());
    }

    @Test
    void run_aTableWithoutAKey_usesTheRowId() {
        exec("CREATE TABLE log (line TEXT)");
        exec("INSERT INTO log VALUES ('x')");

        assertTrue(new Browse(orm, lines::add).run(Map.of()));

        assertTrue(lines.contains("  find(1): line=x"), lines.toString());
    }

    @Test
    void run_anEmptyTable_countsNothing() {
        exec("CREATE TABLE a_empty (id INTEGER PRIMARY KEY)");

        assertTrue(new Browse(orm, lines::add).run(Map.of()));

        assertTrue(lines.contains("  count: 0"), lines.toString());
    }

    @Test
    void run_noTable_isAnError() {
        var error = assertThrows(IllegalStateException.class, () -> new Browse(orm, lines::add).run(Map.of()));

        assertTrue(error.getMessage().startsWith("the database has no table;"), error.getMessage());
    }

    @Test
    void run_theRowChangesDuringASwap_isNotTheSame() {
        exec("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)");
        exec("INSERT INTO t VALUES (1, 'a')");

        assertFalse(new Browse(orm, lines::add).run(Map.of("swap", () -> exec("UPDATE t SET v = 'b'"))));

        assertTrue(lines.get(lines.size() - 1).endsWith("gives ANOTHER ROW"), lines.toString());
    }

    private void exec(String sql) {
        orm.getDriver().exec(sql);
    }
}
