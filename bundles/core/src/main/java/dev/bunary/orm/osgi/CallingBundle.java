package dev.bunary.orm.osgi;

import dev.bunary.orm.Bunary;
import dev.bunary.orm.registry.Caller;
import dev.bunary.orm.registry.DriverRegistry;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/**
 * The bundle whose code called this library. Known by its number, which is never given again (OSGi Core 4.4.1): the
 * bundle itself would keep the classes of an uninstalled one.
 */
final class CallingBundle implements Caller {
    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    /** Where a call comes through; this library's activator, which calls too, is in neither. */
    private static final Set<String> DOORS =
            Set.of(Bunary.class.getPackageName(), DriverRegistry.class.getPackageName());

    private final long id;
    private final String description;
    private final BundleContext library;

    CallingBundle(Bundle bundle, BundleContext library) {
        this.id = bundle.getBundleId();
        this.description = id == library.getBundle().getBundleId()
                ? "the framework property " + Activator.CONFIGURATION
                : describe(bundle);
        this.library = library;
    }

    /** The innermost caller on this thread that is in a bundle; the JDK's and the framework's own frames are in none. */
    static Optional<Caller> onThisThread(BundleContext library) {
        return STACK.walk(frames -> frames.map(StackWalker.StackFrame::getDeclaringClass)
                .filter(type -> !isOnTheWay(type))
                .map(FrameworkUtil::getBundle)
                .filter(Objects::nonNull)
                .findFirst()
                .map(bundle -> new CallingBundle(bundle, library)));
    }

    private static boolean isOnTheWay(Class<?> type) {
        return DOORS.contains(type.getPackageName()) || type == BundleThreads.class || type == CallingBundle.class;
    }

    /** A bundle, for a person. */
    static String describe(Bundle bundle) {
        return "bundle " + bundle.getSymbolicName() + " [" + bundle.getBundleId() + "]";
    }

    @Override
    public boolean isLive() {
        Bundle bundle = library.getBundle(id);
        return bundle != null && (bundle.getState() & (Bundle.STARTING | Bundle.ACTIVE | Bundle.STOPPING)) != 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CallingBundle caller && caller.id == id;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id);
    }

    @Override
    public String toString() {
        return description;
    }
}
