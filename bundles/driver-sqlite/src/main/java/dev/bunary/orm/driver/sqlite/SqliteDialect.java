package dev.bunary.orm.driver.sqlite;

import dev.bunary.orm.driver.Dialect;
import java.util.Optional;

/**
 * How SQLite writes SQL.
 *
 * <p>Identifiers stand in backticks: SQLite reads an unknown identifier in double quotes as a text literal, so that a
 * misspelt column would compare text with text and a DELETE would take every row.
 */
final class SqliteDialect implements Dialect {

    @Override
    public String quote(String identifier) {
        return '`' + identifier.replace("`", "``") + '`';
    }

    @Override
    public String limitOffset(boolean limit, boolean offset) {
        if (offset && !limit) {
            return "LIMIT -1 OFFSET :offset"; // SQLite has no OFFSET of its own
        }
        return Dialect.super.limitOffset(limit, offset);
    }

    @Override
    public int maxBindings() {
        return 32_766; // SQLITE_MAX_VARIABLE_NUMBER since 3.32
    }

    @Override
    public boolean insertsManyRows() {
        return true;
    }

    @Override
    public Optional<String> columnsQuery(String table) {
        int dot = table.lastIndexOf('.');
        String arguments =
                dot < 0 ? literal(table) : literal(table.substring(dot + 1)) + ", " + literal(table.substring(0, dot));
        // hidden = 1 is what SELECT * leaves out; generated columns are 2 and 3
        return Optional.of("SELECT name FROM pragma_table_xinfo(" + arguments + ") WHERE hidden <> 1 ORDER BY cid");
    }

    private static String literal(String text) {
        return '\'' + text.replace("'", "''") + '\'';
    }
}
