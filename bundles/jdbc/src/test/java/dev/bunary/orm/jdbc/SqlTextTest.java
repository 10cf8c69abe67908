package dev.bunary.orm.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.InvalidQueryException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SqlTextTest {

    @Test
    void kind_firstKeyword_decides() {
        Map<StatementKind, List<String>> texts = Map.of(
                StatementKind.READ,
                List.of("SELECT 1", " select 1", "-- x\nSelect 1", "/* insert */ SELECT 1", "VALUES (1)", "explain x"),
                StatementKind.CHANGE,
                List.of(
                        "INSERT INTO t",
                        "update t",
                        "DELETE FROM t",
                        "REPLACE INTO t",
                        "WITH a AS (SELECT 1) SELECT 1"),
                StatementKind.TRANSACTION,
                List.of("BEGIN", "commit", "END", "ROLLBACK", "ROLLBACK -- TO x", "START TRANSACTION"),
                StatementKind.SAVEPOINT,
                List.of("SAVEPOINT a", "RELEASE a", "ROLLBACK TO a", "rollback transaction to savepoint a"),
                StatementKind.OTHER,
                List.of("CREATE TABLE t", "PRAGMA x", "VACUUM"));
        texts.forEach((kind, sqls) -> sqls.forEach(sql -> assertEquals(kind, SqlText.kind(sql), sql)));
    }

    @Test
    void kind_withoutKeyword_isRefused() {
        for (String sql : List.of("", "   ", "-- only a comment", "/* open", ";", "(SELECT 1)")) {
            assertThrows(InvalidQueryException.class, () -> SqlText.kind(sql), sql);
        }
        assertThrows(InvalidQueryException.class, () -> SqlText.kind(null));
    }

    @Test
    void hasSecondStatement_semicolonsInQuotesAndComments_doNotCount() {
        for (String sql : List.of(
                "SELECT 1",
                "SELECT 1;",
                "SELECT 1 ; ; -- end",
                "SELECT ';' || 'it''s; fine'",
                "SELECT \"a;b\", `c;d`, [e;f]",
                "SELECT 1 /* ; DELETE */ -- ; DELETE",
                "CREATE TRIGGER t BEGIN DELETE FROM a; DELETE FROM b; END",
                "CREATE TRIGGER t BEGIN UPDATE a SET b = CASE WHEN c THEN 1 END; DELETE FROM b; END;",
                "CREATE TABLE t_begin (a);")) {
            assertFalse(SqlText.hasSecondStatement(sql), sql);
        }
        for (String sql : List.of(
                "SELECT 1; DELETE FROM t",
                "SELECT 'a'; -- x\n DELETE FROM t",
                "SELECT 1;/* x */DELETE FROM t",
                "CREATE TABLE t (a); DROP TABLE t",
                "CREATE TABLE t (trigger TEXT); DROP TABLE w",
                "CREATE TRIGGER t BEGIN DELETE FROM a; END; DROP TABLE w")) {
            assertTrue(SqlText.hasSecondStatement(sql), sql);
        }
    }
}
