package plain;

import dev.bunary.orm.driver.DriverFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;

/** Copies of the SQLite driver and of sqlite-jdbc, each with a class loader of its own: what a program without modules has. */
final class Drivers {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Path jars;
    private final Path previous;
    private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();

    Drivers(Path jars, Path previous) {
        this.jars = jars;
        this.previous = previous;
    }

    /** A factory and the loader to be closed once it is not registered any more. */
    record Copy(DriverFactory factory, URLClassLoader loader) {
        void close() {
            try {
                loader.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    /** Loads one more copy, by turns with the newer and the older library. */
    Copy load() {
        Path library = loaders.size() % 2 == 0 ? previous : jars.resolve("sqlite-jdbc.jar");
        var loader = new URLClassLoader(
                new URL[] {
                    url(jars.resolve("bunary-orm-jdbc.jar")),
                    url(jars.resolve("bunary-orm-driver-sqlite.jar")),
                    url(library)
                },
                Main.class.getClassLoader());
        loaders.add(new WeakReference<>(loader));
        return new Copy(
                ServiceLoader.load(DriverFactory.class, loader).iterator().next(), loader);
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** How many loaders there are still after collection, once there are no more than so many, or at the limit. */
    long reachable(long most) throws InterruptedException {
        long end = System.nanoTime() + LIMIT_NANOS;
        while (count() > most && System.nanoTime() < end) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return count();
    }

    private long count() {
        return loaders.stream().filter(loader -> loader.get() != null).count();
    }
}
