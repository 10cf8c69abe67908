package hotswap;

import dev.bunary.orm.Orm;
import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.driver.DatabaseConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a run works with.
 *
 * @param driver a folder with a driver's jars
 * @param previous the same with an older version of the library below
 * @param work a fresh folder
 * @param seed of anything random
 */
record Setting(Path driver, Path previous, Path work, long seed) {

    Orm orm() {
        return Orm.create(config());
    }

    OrmConfig config() {
        String path = work.resolve("database.sqlite").toString();
        return OrmConfig.of(DatabaseConfig.of("sqlite", Map.of("path", path)));
    }

    static Orm orm(Path file, String journalMode) {
        return Orm.create(OrmConfig.of(sqlite(file, journalMode)));
    }

    static DatabaseConfig sqlite(Path file, String journalMode) {
        return DatabaseConfig.of("sqlite", Map.of("path", file.toString(), "journalMode", journalMode));
    }

    Path folder(String name) {
        try {
            return Files.createDirectories(work.resolve(name));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static String version(Orm orm) {
        return orm.getDriver()
                .query("SELECT sqlite_version() AS version")
                .get()
                .orElseThrow()
                .getString("version");
    }

    /** All below the folder that the JVM was given for temporary files. */
    static List<Path> temporaryFiles() {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        try (var files = Files.walk(folder)) {
            return files.filter(file -> !file.equals(folder)).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
