package dev.bunary.orm.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Replaces a bundle that others are wired to: stop those that use it, update, refresh, start them again.
 *
 * <p>They are stopped first because stopping drains the drivers among them without the framework's global lock, which
 * a refresh holds; and a singleton such as sqlite-jdbc cannot be updated while its old classes are in use.
 */
final class Replacement {
    private final EmbeddedFramework framework;

    Replacement(EmbeddedFramework framework) {
        this.framework = framework;
    }

    /**
     * Replaces.
     *
     * @throws BundleException if the new content is refused, or a bundle does not start on it; the others run again
     */
    void replace(Bundle bundle, Path jar) throws BundleException, IOException, InterruptedException {
        List<Bundle> users = runningUsers(bundle);
        BundleException failure = null;
        try {
            for (Bundle user : users) {
                user.stop(Bundle.STOP_TRANSIENT);
            }
            update(bundle, jar);
        } finally {
            for (int i = users.size() - 1; i >= 0; i--) {
                failure = start(users.get(i), failure);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Uninstalls. What uses it is stopped first, so that drivers drain before the refresh, and started again where it can
     * do without it.
     *
     * @return what it cannot
     */
    List<Bundle> remove(Bundle bundle) throws BundleException, InterruptedException {
        List<Bundle> users = runningUsers(bundle);
        users.remove(bundle);
        for (Bundle user : users) {
            user.stop(Bundle.STOP_TRANSIENT);
        }
        bundle.uninstall();
        framework.refresh(bundle);
        Collections.reverse(users);
        users.removeIf(user -> start(user, null) == null);
        return users;
    }

    private void update(Bundle bundle, Path jar) throws BundleException, IOException, InterruptedException {
        try (InputStream content = Files.newInputStream(jar)) {
            bundle.update(content);
        } finally {
            // also after a failure: what has been stopped must not start on a half-changed wiring
            framework.refresh(bundle);
        }
    }

    /** The bundle and all that are wired to it, if they run, those installed last first. */
    private List<Bundle> runningUsers(Bundle bundle) {
        var wiring =
                framework.context().getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        var running = new ArrayList<>(wiring.getDependencyClosure(List.of(bundle)));
        running.removeIf(user -> user.getState() != Bundle.ACTIVE && user.getState() != Bundle.STARTING);
        running.removeIf(user -> user.getBundleId() == 0);
        running.sort(Comparator.comparingLong(Bundle::getBundleId).reversed());
        return running;
    }

    private static @Nullable BundleException start(Bundle bundle, @Nullable BundleException before) {
        try {
            bundle.start(Bundle.START_TRANSIENT);
            return before;
        } catch (BundleException failure) {
            if (before == null) {
                return failure;
            }
            before.addSuppressed(failure);
            return before;
        }
    }
}
