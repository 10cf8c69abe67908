package dev.bunary.orm.driver.datasource;

import java.util.List;
import java.util.Locale;

/**
 * What a JDBC URL tells without a look at the database.
 *
 * @param text the URL; may hold secrets, so it is never shown
 */
record JdbcUrl(String text) {
    private static final List<String> SERVERS = List.of(
            "jdbc:postgresql:",
            "jdbc:mariadb:",
            "jdbc:mysql:",
            "jdbc:sqlserver:",
            "jdbc:oracle:thin:",
            "jdbc:h2:tcp:",
            "jdbc:h2:ssl:");
    private static final List<String> MEMORY =
            List.of("jdbc:h2:mem:", "jdbc:hsqldb:mem:", "jdbc:derby:memory:", "jdbc:sqlite::memory:");

    /** Whether the data is in another process, known to serve several drivers at once. */
    boolean isServer() {
        return startsWithOneOf(SERVERS);
    }

    /** Whether the data is in the driver and goes with it. */
    boolean isMemory() {
        return startsWithOneOf(MEMORY) || engine().equals("jdbc:duckdb:");
    }

    /** The URL without its parameters, which differ between configurations of one database and may hold secrets. */
    String engine() {
        int end = 0;
        while (end < text.length() && text.charAt(end) != ';' && text.charAt(end) != '?') {
            end++;
        }
        return text.substring(0, end);
    }

    private boolean startsWithOneOf(List<String> prefixes) {
        String lower = text.toLowerCase(Locale.ROOT);
        return prefixes.stream().anyMatch(lower::startsWith);
    }

    @Override
    public String toString() {
        return "JdbcUrl";
    }
}
