package dev.bunary.orm.layer;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * The JDK's cache of jars that were read through a URL, as libraries read their resources. It keeps such a jar open for
 * good, with its space on the disk even when the file is deleted.
 */
final class UrlCache {
    /** The second is how a multi-release jar is named where the running version's entries are wanted. */
    private static final List<String> FORMS = List.of("!/", "!/#runtime");

    private UrlCache() {}

    /** Closes a jar that nobody reads any more. */
    static void close(Path jar) {
        for (String form : FORMS) {
            try {
                var url = URI.create("jar:" + jar.toUri() + form).toURL();
                if (url.openConnection() instanceof JarURLConnection connection) {
                    connection.setUseCaches(true); // the cached one, and closing it takes it out of the cache
                    connection.getJarFile().close();
                }
            } catch (IOException broken) {
                // a jar that cannot be opened is not in the cache
                return;
            }
        }
    }
}
