package dev.bunary.orm.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.osgi.framework.BundleException;

/** The ORM as bundles in Felix; so is the load. */
final class FelixRuntime implements SoakRuntime {
    private final ConsumerFramework consumer;
    private final DriverSwaps driver;

    private FelixRuntime(ConsumerFramework consumer, Path folder) {
        this.consumer = consumer;
        this.driver = new BundleSwaps(consumer, folder);
    }

    /** Boots it in a folder. It is closed with what else the command has opened. */
    static FelixRuntime boot(Closing closing, Path folder) throws IOException, BundleException {
        Map<String, String> connection =
                Map.of("path", folder.resolve("soak.sqlite").toString());
        return new FelixRuntime(ConsumerFramework.boot(closing, folder, connection), folder);
    }

    @Override
    public DriverSwaps driver() {
        return driver;
    }

    @Override
    public Map<String, ?> soak(SoakPlan plan, SoakSwaps swaps, Consumer<String> out) {
        Supplier<Iterator<Map.Entry<String, Runnable>>> idle = swaps::idle;
        Supplier<Map.Entry<String, Runnable>> next = swaps::next;
        Runnable finish = swaps::finish;
        var request = new HashMap<String, Object>(Map.of("out", out, "idle", idle, "next", next, "finish", finish));
        request.putAll(Map.of("swaps", plan.swaps(), "threads", plan.threads(), "seconds", plan.seconds()));
        request.putAll(Map.of("seed", plan.seed(), "users", SoakPlan.USERS, "posts", SoakPlan.POSTS));
        return consumer.call("soak", request);
    }

    @Override
    public String toString() {
        return consumer.toString();
    }
}
