package dev.bunary.orm.driver.datasource;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

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

    /** Followed by the name of a file; where one begins with another, the longer is first. */
    private static final List<String> FILES = List.of(
            "jdbc:h2:file:",
            "jdbc:h2:",
            "jdbc:hsqldb:file:",
            "jdbc:derby:directory:",
            "jdbc:derby:",
            "jdbc:sqlite:file:",
            "jdbc:sqlite:",
            "jdbc:duckdb:");

    private static final Pattern USER = Pattern.compile("(//|:thin:)[^@]*@");

    /** Whether the data is in another process, known to serve several drivers at once. */
    boolean isServer() {
        return startsWithOneOf(SERVERS);
    }

    /** Whether the data is in the driver and goes with it. */
    boolean isMemory() {
        return startsWithOneOf(MEMORY) || withoutParameters().equalsIgnoreCase("jdbc:duckdb:");
    }

    /**
     * Names what is reached: the product and the real path of a file, or the URL. Without parameters, which differ between
     * configurations of one database and may hold secrets as a user in the URL does.
     */
    String engine() {
        return FILES.stream()
                .filter(this::startsWith)
                .findFirst()
                .flatMap(this::file)
                .orElseGet(() -> USER.matcher(withoutParameters()).replaceFirst("$1"));
    }

    private String withoutParameters() {
        int end = 0;
        while (end < text.length() && text.charAt(end) != ';' && text.charAt(end) != '?') {
            end++;
        }
        return text.substring(0, end);
    }

    /** The product and the real path; empty for what is no file, such as {@code tcp://host/app} or {@code mem:app}. */
    private Optional<String> file(String prefix) {
        String name = withoutParameters().substring(prefix.length());
        if (name.isEmpty() || name.startsWith(":") || name.indexOf(':', 2) > 0) { // a drive's colon is at 1
            return Optional.empty();
        }
        try {
            Path file = Path.of(name.startsWith("~/") ? System.getProperty("user.home") + name.substring(1) : name);
            String product = prefix.split(":")[1];
            return Optional.of(product + ":" + real(file.toAbsolutePath()).normalize());
        } catch (InvalidPathException unknown) {
            return Optional.empty();
        }
    }

    /** With links resolved as far down as there is something. */
    private static Path real(Path absolute) {
        try {
            return absolute.toRealPath();
        } catch (IOException missing) {
            Path parent = absolute.getParent();
            return parent == null ? absolute : real(parent).resolve(absolute.getFileName());
        }
    }

    private boolean startsWithOneOf(List<String> prefixes) {
        return prefixes.stream().anyMatch(this::startsWith);
    }

    private boolean startsWith(String prefix) {
        return text.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    @Override
    public String toString() {
        return "JdbcUrl";
    }
}
