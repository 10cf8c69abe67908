package dev.bunary.orm.driver.sqlite;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration says, checked.
 *
 * @param path the file as configured, or {@code :memory:}
 * @param busyTimeout milliseconds to wait for a lock
 * @param journalMode wal, delete, truncate or persist
 * @param synchronous off, normal, full or extra
 * @param readers how many idle reader connections to keep
 * @param readOnly whether nothing may be written
 */
record SqliteSettings(
        String path, int busyTimeout, String journalMode, String synchronous, int readers, boolean readOnly) {
    static final String MEMORY = ":memory:";
    static final Set<String> TUNING = Set.of("busyTimeout", "journalMode", "synchronous", "readers");
    private static final Set<String> KNOWN =
            Set.of("path", "busyTimeout", "journalMode", "synchronous", "readers", "readOnly");
    // MEMORY and OFF are left out: with them a crash corrupts the file, and ROLLBACK is undefined with OFF
    private static final List<String> JOURNAL_MODES = List.of("wal", "delete", "truncate", "persist");
    private static final List<String> SYNCHRONOUS = List.of("off", "normal", "full", "extra");
    private static final int MAX_TIMEOUT = 3_600_000;
    private static final int MAX_READERS = 256;
    private static final int MAX_LINKS = 40; // as many as Linux follows

    static SqliteSettings of(DatabaseConfig config) {
        for (String name : config.properties().keySet()) {
            if (!KNOWN.contains(name)) {
                throw new ConfigurationException("sqlite has no property '" + name + "'; the known ones are: "
                        + String.join(", ", new TreeSet<>(KNOWN)));
            }
        }
        return new SqliteSettings(
                checkedPath(config.require("path")),
                number(config, "busyTimeout", 5_000, MAX_TIMEOUT),
                oneOf(config, "journalMode", JOURNAL_MODES, "wal"),
                oneOf(config, "synchronous", SYNCHRONOUS, "normal"),
                number(config, "readers", 8, MAX_READERS),
                Boolean.parseBoolean(oneOf(config, "readOnly", List.of("true", "false"), "false")));
    }

    boolean memory() {
        return path.equals(MEMORY);
    }

    /** Whether a commit keeps readers out of the file, as it does with a rollback journal. */
    boolean writersLockReadersOut() {
        return !memory() && !journalMode.equals("wal");
    }

    /** The file, absolute, with links resolved; the same for two ways to write one path, and before and after it is made. */
    Path file() {
        Path file = Path.of(path).toAbsolutePath().normalize();
        try {
            if (Files.exists(file)) {
                return file.toRealPath();
            }
            file = targetOfLinks(file);
            Path parent = file.getParent();
            return parent != null && Files.exists(parent) ? parent.toRealPath().resolve(file.getFileName()) : file;
        } catch (IOException unreadable) {
            throw new ConfigurationException(
                    "sqlite path '" + path + "' cannot be resolved; check the rights on its folders", unreadable);
        }
    }

    /** SQLite makes the file that a link names, which therefore is the database. */
    private static Path targetOfLinks(Path missing) throws IOException {
        Path target = missing;
        for (int link = 0; link < MAX_LINKS && Files.isSymbolicLink(target); link++) {
            target = target.resolveSibling(Files.readSymbolicLink(target)).normalize();
        }
        return target;
    }

    private static String checkedPath(String path) {
        if (path.equals(MEMORY)) {
            return path;
        }
        if (path.indexOf('?') >= 0) {
            throw new ConfigurationException(
                    "sqlite path '" + path + "' contains '?', which sqlite-jdbc reads as options; rename the file");
        }
        try {
            Path.of(path);
        } catch (InvalidPathException invalid) {
            throw new ConfigurationException("sqlite path '" + path + "' is no path of this system", invalid);
        }
        return path;
    }

    private static int number(DatabaseConfig config, String name, int unset, int max) {
        String text = config.find(name).orElse(null);
        if (text == null) {
            return unset;
        }
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= 0 && number <= max) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw wrong(name, text, "a whole number from 0 to " + max, notANumber);
        }
        throw wrong(name, text, "a whole number from 0 to " + max, null);
    }

    private static String oneOf(DatabaseConfig config, String name, List<String> allowed, String unset) {
        String text = config.find(name).orElse(unset);
        String value = text.strip().toLowerCase(Locale.ROOT);
        if (!allowed.contains(value)) {
            throw wrong(name, text, "one of " + String.join(", ", allowed), null);
        }
        return value;
    }

    private static ConfigurationException wrong(String name, String text, String rule, @Nullable Throwable cause) {
        return new ConfigurationException("sqlite property '" + name + "' is '" + text + "'; set it to " + rule, cause);
    }
}
