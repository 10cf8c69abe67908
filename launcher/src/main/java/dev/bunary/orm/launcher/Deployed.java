package dev.bunary.orm.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.Bundle;

/** A bundle and the jars it could run from; the last one is the one it runs from. */
final class Deployed {
    private final Bundle bundle;
    private final List<Source> sources = new ArrayList<>();

    Deployed(Bundle bundle, Source first) {
        this.bundle = bundle;
        sources.add(first);
    }

    Bundle bundle() {
        return bundle;
    }

    String symbolicName() {
        return current().symbolicName();
    }

    BundleJar current() {
        return sources.get(sources.size() - 1).jar();
    }

    boolean isCurrent(BundleJar jar) {
        return current().digest().equals(jar.digest());
    }

    boolean isEmpty() {
        return sources.isEmpty();
    }

    boolean isFrom(Path file) {
        return sources.stream().anyMatch(source -> source.file().equals(file));
    }

    boolean excludes(BundleJar jar) {
        return symbolicName().equals(jar.symbolicName())
                && (jar.singleton()
                        || current().singleton()
                        || jar.version().equals(current().version()));
    }

    /** Makes a source the current one; gives the copy that it has replaced, if it came from the same file. */
    Optional<Path> push(Source source) {
        Optional<Path> replaced = Optional.empty();
        for (Iterator<Source> all = sources.iterator(); all.hasNext(); ) {
            Source older = all.next();
            if (older.file().equals(source.file())) {
                replaced = Optional.of(older.jar().file());
                all.remove();
            }
        }
        sources.add(source);
        return replaced;
    }

    BundleJar remove(Path file) {
        Source source = sources.stream()
                .filter(from -> from.file().equals(file))
                .findFirst()
                .orElseThrow();
        sources.remove(source);
        return source.jar();
    }

    /**
     * A jar and the file it came from.
     *
     * @param file the file in the drop-in folder or the installation
     * @param jar its checked copy
     */
    record Source(Path file, BundleJar jar) {
        String name() {
            return file.getFileName().toString();
        }
    }
}
