package dev.bunary.orm.it.felix.bad;

import dev.bunary.orm.driver.DriverFactory;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** Registers a factory that fails in the way the manifest names, ranked above all others. */
public final class BadActivator implements BundleActivator {
    /** The header that names the way. */
    public static final String WAY = "Bad-Way";

    private final CountDownLatch stopped = new CountDownLatch(1);

    @Override
    public void start(BundleContext context) {
        DriverFactory factory = switch (context.getBundle().getHeaders().get(WAY)) {
            case "throws" ->
                config -> {
                    throw new IllegalStateException("makes no driver");
                };
            case "lacks a class" ->
                config -> {
                    throw new NoClassDefFoundError("org/example/Missing");
                };
            case "hangs" ->
                config -> {
                    awaitStop();
                    throw new IllegalStateException("stopped");
                };
            case "null" -> config -> null;
            case "cannot query" -> config -> new BadDriver();
            default -> throw new IllegalArgumentException("no such way");
        };
        Dictionary<String, Object> properties =
                new Hashtable<>(Map.of("bunary.driver.type", "sqlite", Constants.SERVICE_RANKING, 1_000));
        context.registerService(DriverFactory.class, factory, properties);
    }

    private void awaitStop() {
        try {
            stopped.await();
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }

    @Override
    public void stop(BundleContext context) {
        stopped.countDown();
    }
}
