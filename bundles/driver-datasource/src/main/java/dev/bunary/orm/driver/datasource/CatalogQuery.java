package dev.bunary.orm.driver.datasource;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.UnaryOperator;

/** Asks INFORMATION_SCHEMA (ISO/IEC 9075-11) for the columns of a table. A table's name is text here, never SQL. */
final class CatalogQuery {
    private CatalogQuery() {}

    /**
     * A query without parameters.
     *
     * @param table may hold a schema before the last dot
     * @param literal writes text as this database reads it
     * @param currentSchema where a table without a schema is looked for
     */
    static String of(String table, UnaryOperator<String> literal, String currentSchema) {
        int dot = table.lastIndexOf('.');
        String schema = dot < 0 ? currentSchema : literal.apply(table.substring(0, dot));
        return "SELECT column_name FROM information_schema.columns WHERE table_schema = " + schema
                + " AND table_name = " + literal.apply(table.substring(dot + 1)) + " ORDER BY ordinal_position";
    }

    /** For databases that know no escapes in text. */
    static String literal(String text) {
        return '\'' + text.replace("'", "''") + '\'';
    }

    /** PostgreSQL's text with escapes, which reads the same whatever standard_conforming_strings says. */
    static String escapedLiteral(String text) {
        return "E'" + text.replace("\\", "\\\\").replace("'", "''") + '\'';
    }

    /** MariaDB's and MySQL's text in figures, which reads the same whatever sql_mode says. */
    static String hexLiteral(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return "CONVERT(X'" + HexFormat.of().formatHex(bytes) + "' USING utf8mb4)";
    }
}
