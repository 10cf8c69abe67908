package dev.bunary.orm.driver.sqlite;

import dev.bunary.orm.driver.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Loads sqlite-jdbc's native library once per class loader and leaves no file behind: sqlite-jdbc unpacks it into a
 * temporary folder and removes it only when the process ends, which a process that swaps drivers would see pile up.
 */
final class NativeLibrary {
    private static final String FOLDER = "org.sqlite.tmpdir";
    private static final String LIBRARY = "org.sqlite.lib.path";
    private static final System.Logger LOG = System.getLogger(NativeLibrary.class.getName());

    // an interned text is one object for all class loaders, and so is the system property that it guards
    private static final Object LOCK = "dev.bunary.orm.driver.sqlite.NativeLibrary".intern();
    private static boolean loaded;

    private NativeLibrary() {}

    static void load() {
        synchronized (LOCK) {
            if (!loaded) {
                unpack();
                loaded = true;
            }
        }
    }

    private static void unpack() {
        if (System.getProperty(FOLDER) != null || System.getProperty(LIBRARY) != null) {
            initialize(); // the user decided where the library lives
            return;
        }
        try {
            Path folder = Files.createTempDirectory("bunary-sqlite");
            System.setProperty(FOLDER, folder.toString());
            try {
                initialize();
            } finally {
                System.clearProperty(FOLDER);
                delete(folder);
            }
        } catch (IOException error) {
            throw new ConfigurationException(
                    "sqlite's native library cannot be unpacked into the temporary folder; make it writable, or name "
                            + "another with the system property " + FOLDER,
                    error);
        }
    }

    private static void initialize() {
        try {
            SQLiteJDBCLoader.initialize();
        } catch (Exception error) { // the loader declares it
            throw new ConfigurationException(
                    "sqlite's native library cannot be loaded for " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch"),
                    error);
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.toList();
        }
        try {
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException inUse) {
            // Windows keeps a loaded library; sqlite-jdbc has marked it for deletion at exit
            LOG.log(System.Logger.Level.DEBUG, "native library stays in {0} until exit", folder);
        }
    }
}
