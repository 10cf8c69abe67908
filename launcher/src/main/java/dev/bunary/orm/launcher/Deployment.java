package dev.bunary.orm.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/**
 * Applies the jars of a drop-in folder to a framework: each is copied aside, read to its end and rehearsed before the
 * framework is touched, so a bad jar leaves the running bundle as it is. Used by one thread.
 *
 * <p>Felix FileInstall is not used: it applies a jar without these checks, installs a second version of a singleton
 * instead of updating it, and refreshes without stopping the drivers first.
 */
final class Deployment {
    private final EmbeddedFramework framework;
    private final Path staging;
    private final Consumer<String> out;
    private final Rehearsal rehearsal;
    private final Replacement replacement;
    private final List<Deployed> deployed = new ArrayList<>();
    private final List<Path> unresolved = new ArrayList<>();
    private long copies;

    /**
     * A deployment.
     *
     * @param staging an empty folder for copies
     * @param shipped jars of bundles that are installed already; a dropped jar of the same bundle takes their place
     * @param out takes one line per change
     */
    Deployment(EmbeddedFramework framework, Path staging, List<Path> shipped, Consumer<String> out)
            throws RejectedJarException {
        this.framework = framework;
        this.staging = staging;
        this.out = out;
        this.rehearsal = new Rehearsal(framework);
        this.replacement = new Replacement(framework);
        for (Path jar : shipped) {
            BundleJar bundle = BundleJar.read(jar);
            deployed.add(new Deployed(framework.bundle(bundle.symbolicName()), new Deployed.Source(jar, bundle)));
        }
    }

    void apply(DropFolder.Changes changes) throws InterruptedException {
        if (changes.isEmpty()) {
            return;
        }
        for (Path file : changes.deleted()) {
            unresolved.remove(file);
            deleted(file);
        }
        for (Path file : changes.written()) {
            unresolved.remove(file);
            written(file);
        }
        retryUnresolved();
    }

    /** A jar may have waited for what another one has brought. */
    private void retryUnresolved() throws InterruptedException {
        boolean progress = true;
        while (progress) {
            progress = false;
            for (Path file : List.copyOf(unresolved)) {
                unresolved.remove(file);
                progress |= tryAgain(file);
            }
        }
    }

    private boolean tryAgain(Path file) throws InterruptedException {
        try {
            accept(file);
            return true;
        } catch (RejectedJarException stillUnresolved) {
            // it was reported when it came
            unresolved.add(file);
            return false;
        }
    }

    private void written(Path file) throws InterruptedException {
        try {
            accept(file);
        } catch (RejectedJarException rejected) {
            out.accept("rejected " + file.getFileName() + ": " + rejected.getMessage());
        }
    }

    private void accept(Path file) throws RejectedJarException, InterruptedException {
        Path copy = stage(file);
        Optional<Deployed> running = find(file);
        try {
            BundleJar jar = BundleJar.read(copy);
            if (running.filter(unit -> unit.isCurrent(jar)).isPresent()) {
                discard(copy);
                return;
            }
            Optional<Deployed> target = target(file, jar);
            running = target.or(() -> find(file));
            rehearseAndApply(file, jar, target);
        } catch (RejectedJarException rejected) {
            discard(copy);
            throw new RejectedJarException(rejected.getMessage() + "; " + whatStays(running), rejected);
        }
    }

    private static String whatStays(Optional<Deployed> running) {
        return running.map(unit -> unit.current() + " stays").orElse("nothing has changed");
    }

    private void rehearseAndApply(Path file, BundleJar jar, Optional<Deployed> target)
            throws RejectedJarException, InterruptedException {
        try {
            rehearsal.check(jar, target.map(Deployed::bundle));
        } catch (RejectedJarException rejected) {
            unresolved.add(file);
            throw rejected;
        }
        Optional<Deployed> before = find(file);
        if (target.isPresent()) {
            update(target.get(), new Deployed.Source(file, jar));
        } else {
            install(new Deployed.Source(file, jar));
        }
        if (before.isPresent() && before.get() != target.orElse(null)) {
            // the file holds another bundle now
            withdraw(before.get(), file);
        }
    }

    /** The bundle whose place the jar takes: the one this file has brought, or one that cannot be beside it. */
    private Optional<Deployed> target(Path file, BundleJar jar) {
        return find(file)
                .filter(unit -> unit.symbolicName().equals(jar.symbolicName()))
                .or(() -> deployed.stream().filter(unit -> unit.excludes(jar)).findFirst());
    }

    private void install(Deployed.Source source) throws RejectedJarException {
        Bundle bundle = null;
        try {
            bundle = framework.install(source.jar().file());
            start(bundle, source.jar());
        } catch (BundleException | IOException failure) {
            uninstallQuietly(bundle, failure);
            throw new RejectedJarException("it does not start: " + reason(failure), failure);
        }
        deployed.add(new Deployed(bundle, source));
        out.accept("installed " + source.jar() + " from " + source.name());
    }

    private void update(Deployed unit, Deployed.Source source) throws RejectedJarException, InterruptedException {
        BundleJar before = unit.current();
        try {
            replacement.replace(unit.bundle(), source.jar().file());
            start(unit.bundle(), source.jar());
        } catch (BundleException | IOException failure) {
            putBack(unit, before, failure);
            throw new RejectedJarException("it does not start: " + reason(failure), failure);
        }
        unit.push(source).ifPresent(this::discard);
        out.accept("updated " + before + " to " + source.jar() + " from " + source.name());
    }

    private void putBack(Deployed unit, BundleJar before, Exception failure) throws InterruptedException {
        try {
            replacement.replace(unit.bundle(), before.file());
            start(unit.bundle(), before);
        } catch (BundleException | IOException again) {
            failure.addSuppressed(again);
            out.accept(before + " does not start again: " + reason(again));
        }
    }

    private void deleted(Path file) throws InterruptedException {
        Optional<Deployed> unit = find(file);
        if (unit.isPresent()) {
            withdraw(unit.get(), file);
        }
    }

    /** Takes back what a file has brought: what was there before comes again, or the bundle goes. */
    private void withdraw(Deployed unit, Path file) throws InterruptedException {
        BundleJar before = unit.current();
        BundleJar gone = unit.remove(file);
        try {
            if (unit.isEmpty()) {
                deployed.remove(unit);
                List<Bundle> stopped = replacement.remove(unit.bundle());
                out.accept("uninstalled " + gone + ", as " + file.getFileName() + " is gone"
                        + (stopped.isEmpty() ? "" : "; what cannot run without it has stopped: " + stopped));
            } else if (!unit.isCurrent(before)) {
                replacement.replace(unit.bundle(), unit.current().file());
                start(unit.bundle(), unit.current());
                out.accept(
                        "updated " + gone + " back to " + unit.current() + ", as " + file.getFileName() + " is gone");
            }
        } catch (BundleException | IOException failure) {
            out.accept("taking back " + gone + " ended in an error: " + reason(failure));
        }
        discard(gone.file());
    }

    private static void start(Bundle bundle, BundleJar jar) throws BundleException {
        if (!jar.fragment() && bundle.getState() != Bundle.ACTIVE) {
            bundle.start();
        }
    }

    private static void uninstallQuietly(@Nullable Bundle bundle, Exception failure) {
        if (bundle != null) {
            try {
                bundle.uninstall();
            } catch (BundleException again) {
                failure.addSuppressed(again);
            }
        }
    }

    private Optional<Deployed> find(Path file) {
        return deployed.stream().filter(unit -> unit.isFrom(file)).findFirst();
    }

    private Path stage(Path file) throws RejectedJarException {
        Path copy = staging.resolve(++copies + "-" + file.getFileName());
        try {
            return Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new RejectedJarException("it cannot be read: " + failure.getMessage(), failure);
        }
    }

    /** Deletes a copy that is no longer needed; a file of the user or of the installation stays. */
    private void discard(Path copy) {
        if (copy.startsWith(staging)) {
            try {
                Files.deleteIfExists(copy);
            } catch (IOException failure) {
                out.accept("copy " + copy + " cannot be deleted: " + failure.getMessage());
            }
        }
    }

    /** The innermost cause says what the author of the jar has to put right. */
    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse(cause.toString());
    }
}
