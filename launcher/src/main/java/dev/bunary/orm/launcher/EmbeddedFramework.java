package dev.bunary.orm.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/** A running Felix in this process. Bundles do not see the launcher's classes. The caller closes it. */
final class EmbeddedFramework implements AutoCloseable {
    private static final long LIMIT_SECONDS = 30;

    private final Framework framework;

    private EmbeddedFramework(Framework framework) {
        this.framework = framework;
    }

    /** Boots an empty framework that keeps its bundles in a folder, which is emptied first. */
    static EmbeddedFramework boot(Path storage, Map<String, String> properties) throws BundleException {
        Framework framework = create(storage, properties);
        framework.start();
        return new EmbeddedFramework(framework);
    }

    /** A framework that is neither initialized nor started. */
    static Framework create(Path storage, Map<String, String> properties) {
        var all = new HashMap<>(properties);
        all.put(Constants.FRAMEWORK_STORAGE, storage.toString());
        all.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        // or Felix would look into the launcher's class path, which holds a copy of core
        all.put("felix.bootdelegation.implicit", "false");
        return ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow(() -> new LauncherException("no OSGi framework on the class path; build again"))
                .newFramework(all);
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    /** Name and version of the framework for a person. */
    String version() {
        return "Felix " + framework.getVersion();
    }

    Bundle install(Path jar) throws BundleException, IOException {
        try (InputStream content = Files.newInputStream(jar)) {
            return context().installBundle("bunary:" + jar.getFileName(), content);
        }
    }

    /** Installs all, then starts all, so that their order does not matter. */
    void installAndStart(List<Path> jars) throws BundleException, IOException {
        var bundles = new ArrayList<Bundle>();
        for (Path jar : jars) {
            bundles.add(install(jar));
        }
        for (Bundle bundle : bundles) {
            bundle.start();
        }
    }

    /** The bundle of that name with the lowest id. */
    Bundle bundle(String symbolicName) {
        for (Bundle bundle : context().getBundles()) {
            if (symbolicName.equals(bundle.getSymbolicName())) {
                return bundle;
            }
        }
        throw new LauncherException("bundle " + symbolicName + " is not installed");
    }

    /** The class loaders of the bundles of those names, with name and version. */
    Map<ClassLoader, String> loaders(Set<String> symbolicNames) {
        var loaders = new HashMap<ClassLoader, String>();
        for (Bundle bundle : context().getBundles()) {
            BundleWiring wiring = bundle.adapt(BundleWiring.class);
            if (symbolicNames.contains(bundle.getSymbolicName()) && wiring != null) {
                loaders.put(wiring.getClassLoader(), bundle.getSymbolicName() + " " + bundle.getVersion());
            }
        }
        return loaders;
    }

    /** Makes bundles that were updated or uninstalled let go of what they were, and waits until that is done. */
    void refresh(Bundle bundle) throws InterruptedException {
        var refreshed = new CountDownLatch(1);
        framework.adapt(FrameworkWiring.class).refreshBundles(List.of(bundle), event -> {
            if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                refreshed.countDown();
            }
        });
        if (!refreshed.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new LauncherException("the framework has not refreshed " + bundle + " in " + LIMIT_SECONDS + " s");
        }
    }

    /** A service by its class name and a filter, used for the life of the framework. */
    <T> T service(Class<T> type, String filter) {
        try {
            for (ServiceReference<T> reference : context().getServiceReferences(type, filter)) {
                return context().getService(reference);
            }
        } catch (InvalidSyntaxException wrong) {
            throw new IllegalArgumentException(filter, wrong);
        }
        throw new LauncherException("no service " + type.getName() + filter);
    }

    /** Waits until the framework has been stopped, by whomever. */
    void awaitStop() throws InterruptedException {
        framework.waitForStop(0);
    }

    /** Stops all bundles, and waits until that is done. */
    @Override
    public void close() throws BundleException {
        framework.stop();
        if (!hasStopped()) {
            throw new LauncherException("the framework has not stopped in " + LIMIT_SECONDS + " s");
        }
    }

    private boolean hasStopped() {
        try {
            return framework
                            .waitForStop(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS))
                            .getType()
                    != FrameworkEvent.WAIT_TIMEDOUT;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
