package dev.bunary.orm.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/**
 * Two bundles of the same driver, of which the second is newer and so serves on a tie. The first announces its factory a
 * second time, and the ranking of that service is edited: above what drivers announce by themselves the first serves,
 * below it the second. Only the registering side can edit a service, so this registers it, in the bundle's name.
 */
final class RankedPair {
    private static final String FACTORY = "dev.bunary.orm.driver.DriverFactory";
    private static final int ABOVE = -500;
    private static final int BELOW = -1500;

    private final Bundle second;
    private final ServiceRegistration<?> edited;
    private boolean firstServes;

    private RankedPair(Bundle second, ServiceRegistration<?> edited) {
        this.second = second;
        this.edited = edited;
    }

    /** Installs the second bundle beside the first; the second serves. */
    static RankedPair install(EmbeddedFramework framework, Bundle first, Path newer)
            throws IOException, BundleException {
        ServiceRegistration<?> edited = announceAgain(first);
        Bundle second = framework.install(newer);
        second.start();
        return new RankedPair(second, edited);
    }

    /** Edits the ranking, so that the other bundle serves. */
    void turn() {
        firstServes = !firstServes;
        edited.setProperties(properties(firstServes ? ABOVE : BELOW));
    }

    boolean firstServes() {
        return firstServes;
    }

    /** Uninstalls the second bundle, which must be the one that serves; the first takes over. */
    void uninstall() throws BundleException {
        edited.unregister();
        second.uninstall();
    }

    private static ServiceRegistration<?> announceAgain(Bundle bundle) {
        BundleContext context = bundle.getBundleContext();
        ServiceReference<?> own = factory(bundle);
        Object factory = context.getService(own);
        try {
            return context.registerService(FACTORY, factory, properties(BELOW));
        } finally {
            context.ungetService(own);
        }
    }

    private static ServiceReference<?> factory(Bundle bundle) {
        for (ServiceReference<?> service : bundle.getRegisteredServices()) {
            if (((String[]) service.getProperty(Constants.OBJECTCLASS))[0].equals(FACTORY)) {
                return service;
            }
        }
        throw new LauncherException("bundle " + bundle + " announces no driver; build again");
    }

    private static Dictionary<String, Object> properties(int ranking) {
        return new Hashtable<>(Map.of("bunary.driver.type", "sqlite", Constants.SERVICE_RANKING, ranking));
    }
}
