package dev.bunary.orm.it.framework;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.FrameworkWiring;

/** A started framework, whichever is on the class path, with nothing in it. Each test has its own; closing stops it. */
public class BareFramework implements AutoCloseable {
    private static final long LIMIT_SECONDS = 30;

    private final Framework framework;
    private int installed;

    /**
     * Starts it.
     *
     * @param folder where it keeps its bundles
     * @param properties the framework's properties
     */
    public BareFramework(Path folder, Map<String, String> properties) throws BundleException {
        var all = new HashMap<>(properties);
        all.put(Constants.FRAMEWORK_STORAGE, folder.resolve("bundles").toString());
        all.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(all);
        framework.start();
    }

    /** The framework's own context. */
    public final BundleContext context() {
        return framework.getBundleContext();
    }

    /** The bundles without the framework's own, in the order of their installation. */
    public final List<Bundle> bundles() {
        return List.of(context().getBundles()).stream()
                .filter(bundle -> bundle.getBundleId() != 0)
                .toList();
    }

    /** Starts every bundle that can be started, in the order of installation. */
    public final void startAll() throws BundleException {
        for (Bundle bundle : bundles()) {
            if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
                bundle.start();
            }
        }
    }

    /** Installs a jar under a location of its own, so that the same file may be installed again. */
    public final Bundle install(Path jar) throws BundleException, IOException {
        try (InputStream in = Files.newInputStream(jar)) {
            return context().installBundle("test:" + installed++ + "/" + jar.getFileName(), in);
        }
    }

    public final Bundle installAndStart(Path jar) throws BundleException, IOException {
        Bundle bundle = install(jar);
        bundle.start();
        return bundle;
    }

    public final void update(Bundle bundle, Path jar) throws BundleException, IOException {
        try (InputStream in = Files.newInputStream(jar)) {
            bundle.update(in);
        }
    }

    /** Refreshes these bundles and waits for the end of it. */
    public final void refresh(Collection<Bundle> bundles) throws InterruptedException {
        var refreshed = new CountDownLatch(1);
        framework.adapt(FrameworkWiring.class).refreshBundles(bundles, event -> {
            if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                refreshed.countDown();
            }
        });
        if (!refreshed.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("no PACKAGES_REFRESHED within " + LIMIT_SECONDS + " s");
        }
    }

    /** Whether there is a service of that type. */
    public final boolean has(Class<?> type) {
        return context().getServiceReference(type) != null;
    }

    /** The service of that type, as soon as it is there. */
    public final <S> S service(Class<S> type) {
        Await.until(() -> has(type), () -> "no " + type.getSimpleName() + "; bundles: " + bundles());
        return context().getService(context().getServiceReference(type));
    }

    /** Registers a service on behalf of the framework. */
    public final <S> void register(Class<S> type, S service) {
        context().registerService(type, service, null);
    }

    @Override
    public void close() throws BundleException {
        framework.stop();
        try {
            FrameworkEvent event = framework.waitForStop(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
            if (event.getType() != FrameworkEvent.STOPPED) {
                throw new AssertionError("the framework did not stop: event " + event.getType(), event.getThrowable());
            }
        } catch (InterruptedException interrupt) {
            throw new AssertionError("interrupted while the framework stopped", interrupt);
        }
    }
}
