package dev.bunary.orm.soak.osgi;

import dev.bunary.orm.Orm;
import dev.bunary.orm.soak.Browse;
import dev.bunary.orm.soak.LoadPlan;
import dev.bunary.orm.soak.Scenario;
import dev.bunary.orm.soak.Soak;
import dev.bunary.orm.soak.SwapPlan;
import dev.bunary.orm.soak.Tuning;
import java.time.Duration;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Offers the runs to whoever embeds the framework. That code has other classes than this bundle, so the door is made of
 * JDK types only: a service {@code Function<Map, Map>} with the property {@code bunary.soak}, {@code load}, {@code soak},
 * {@code tune} or {@code browse}. The request holds {@code out}, a {@code Consumer<String>}, {@code swaps}, a {@code Map<String,
 * Runnable>}, and for the load {@code threads}, {@code seconds}, {@code seed}, {@code users} and {@code posts}; the answer
 * holds the figures, and {@code clean}, a {@code Boolean}. The caller's swaps run on the caller's thread. For the soak,
 * {@code swaps} is the number of swaps, and {@code idle}, {@code next} and {@code finish} are the parts of a {@link SwapPlan}.
 * For {@code tune} the request is the properties to change, and the answer is empty.
 */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class SoakActivator implements BundleActivator {
    /** An Orm service comes as soon as its connection has a candidate, which a start in any order brings soon. */
    private static final Duration SERVICE_LIMIT = Duration.ofSeconds(10);

    private ServiceTracker<Orm, Orm> orms;

    /** For the framework. */
    public SoakActivator() {}

    @Override
    public void start(BundleContext context) throws InvalidSyntaxException {
        orms = new ServiceTracker<>(
                context,
                FrameworkUtil.createFilter("(&(objectClass=" + Orm.class.getName() + ")(bunary.connection=default))"),
                null);
        orms.open();
        offer(context, "load", this::load);
        offer(context, "soak", this::soak);
        offer(context, "tune", this::tune);
        offer(context, "browse", this::browse);
    }

    @Override
    public void stop(BundleContext context) {
        orms.close();
    }

    private void offer(BundleContext context, String run, Function<Map<String, ?>, Map<String, ?>> door) {
        Dictionary<String, Object> properties = new Hashtable<>(Map.of("bunary.soak", run));
        context.registerService(Function.class, door, properties);
    }

    private Map<String, ?> load(Map<String, ?> request) {
        try {
            return new Scenario(orm(), plan(request), out(request))
                    .run(swaps(request))
                    .toMap();
        } catch (InterruptedException stop) {
            throw interrupted(stop);
        }
    }

    private Map<String, ?> soak(Map<String, ?> request) {
        try {
            return new Soak(orm(), plan(request), out(request))
                    .run(number(request, "swaps", 1).intValue(), swapPlan(request))
                    .toMap();
        } catch (InterruptedException stop) {
            throw interrupted(stop);
        }
    }

    private Map<String, ?> tune(Map<String, ?> request) {
        var properties = new HashMap<String, String>();
        request.forEach((name, value) -> properties.put(name, String.valueOf(value)));
        try {
            Tuning.apply(orm(), properties);
            return Map.of();
        } catch (InterruptedException stop) {
            throw interrupted(stop);
        }
    }

    private Map<String, ?> browse(Map<String, ?> request) {
        try {
            return Map.of("clean", new Browse(orm(), out(request)).run(swaps(request)));
        } catch (InterruptedException stop) {
            throw interrupted(stop);
        }
    }

    private static LoadPlan plan(Map<String, ?> request) {
        return LoadPlan.of(
                        number(request, "threads", 4).intValue(),
                        Duration.ofSeconds(number(request, "seconds", 15).longValue()),
                        number(request, "seed", 1).longValue())
                .withRows(
                        number(request, "users", 10_000).intValue(),
                        number(request, "posts", 50_000).intValue());
    }

    private Orm orm() throws InterruptedException {
        Orm orm = orms.waitForService(SERVICE_LIMIT.toMillis());
        if (orm == null) {
            throw new IllegalStateException("no Orm service for connection 'default' after "
                    + SERVICE_LIMIT.toSeconds()
                    + " s; start a driver bundle, and name the connection in the file that bunary.orm.config names");
        }
        return orm;
    }

    private static IllegalStateException interrupted(InterruptedException stop) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("the run was interrupted", stop);
    }

    private static Number number(Map<String, ?> request, String name, Number otherwise) {
        Object value = request.get(name);
        return value == null ? otherwise : (Number) value;
    }

    @SuppressWarnings("unchecked") // the door's contract, see above; a wrong caller gets a ClassCastException at once
    private static Consumer<String> out(Map<String, ?> request) {
        return (Consumer<String>) request.get("out");
    }

    @SuppressWarnings("unchecked") // as above
    private static Map<String, Runnable> swaps(Map<String, ?> request) {
        return (Map<String, Runnable>) request.get("swaps");
    }

    @SuppressWarnings("unchecked") // as above
    private static SwapPlan swapPlan(Map<String, ?> request) {
        return new SwapPlan(
                (Supplier<Iterator<Map.Entry<String, Runnable>>>) request.get("idle"),
                (Supplier<Map.Entry<String, Runnable>>) request.get("next"),
                (Runnable) request.get("finish"));
    }
}
