package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.framework.Await;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** One bundle announces several factories, as the DataSource driver does for each JDBC service. */
@Timeout(60)
final class SeveralServicesTest {
    private static final List<String> TYPES = List.of("first", "second", "third");
    private static final long DRAIN_MILLIS = 2_500;

    @TempDir
    private Path folder;

    @Test
    void bundle_stoppedUnderWorkOnEachOfItsFactories_holdsTheFrameworkForOneDrain() throws Exception {
        var configuration = new ArrayList<>(List.of("drainTimeout=" + DRAIN_MILLIS + "ms"));
        for (String type : TYPES) {
            configuration.add("connection." + type + ".type=" + type);
            configuration.add("connection." + type + ".path="
                    + folder.resolve(type + ".sqlite").toString().replace('\\', '/'));
        }
        try (var framework = TestFramework.start(folder, configuration.toArray(String[]::new))) {
            framework.installAll();
            framework.startAll();
            Bundle several = framework.installSilent("9.8.0");
            for (String type : TYPES) {
                TestFramework.announce(several, new Hashtable<>(Map.of("bunary.driver.type", type)));
            }
            var goOn = new CountDownLatch(1);
            var holders = new ArrayList<Caller<Object>>();
            for (String type : TYPES) {
                holders.add(holdTransaction(orm(framework, type), goOn));
            }

            long begin = System.nanoTime();
            several.stop();
            long millis = (System.nanoTime() - begin) / 1_000_000;

            assertTrue(millis >= DRAIN_MILLIS, () -> "the work was not waited for: " + millis + " ms");
            assertTrue(millis < 2 * DRAIN_MILLIS, () -> "the framework was held for " + millis + " ms");
            goOn.countDown();
            for (Caller<Object> holder : holders) {
                Throwable failure = ((InvocationTargetException) holder.failure()).getCause();
                assertEquals("DriverSwappedException", failure.getClass().getSimpleName(), failure::toString);
            }
        }
    }

    /** Of other classes than the test's, so it is called by reflection. */
    private static Object orm(TestFramework framework, String connection) throws Exception {
        String filter = "(bunary.connection=" + connection + ")";
        Await.until(
                () -> references(framework, filter).length == 1, () -> "no Orm service for connection " + connection);
        return framework.context().getService(references(framework, filter)[0]);
    }

    private static ServiceReference<?>[] references(TestFramework framework, String filter) {
        try {
            ServiceReference<?>[] found = framework.context().getAllServiceReferences("dev.bunary.orm.Orm", filter);
            return found == null ? new ServiceReference<?>[0] : found;
        } catch (InvalidSyntaxException wrong) {
            throw new AssertionError(wrong);
        }
    }

    private static Caller<Object> holdTransaction(Object orm, CountDownLatch goOn) {
        var inside = new CountDownLatch(1);
        Runnable work = () -> {
            inside.countDown();
            Await.latch(goOn);
        };
        Caller<Object> holder = Caller.start(
                "holder",
                () -> orm.getClass().getMethod("transaction", Runnable.class).invoke(orm, work));
        Await.latch(inside);
        return holder;
    }
}
