package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.swap.DriverEvent.Kind;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A service is modified while its factory is asked, or others are: for a moment nobody knows what it serves. */
@Timeout(60)
class ModifiedServiceTest {

    private record Asked(String name, Runnable whenAsked, Runnable whenCreated) implements DriverFactory {
        @Override
        public DatabaseDriver create(DatabaseConfig config) {
            whenCreated.run();
            return new TinyDriver(name);
        }

        @Override
        public boolean serves(DatabaseConfig config) {
            whenAsked.run();
            return true;
        }
    }

    private static void modify(Bench bench, Candidate modified) {
        bench.registry.announceAgain(modified, Set.of("tiny"), modified.info().ranking());
    }

    @Test
    void openUncached_whileTheServiceIsModified_findsItAllTheSame() {
        try (Bench bench = Bench.patient()) {
            var modified = new AtomicReference<Candidate>();
            var once = new AtomicBoolean();
            modified.set(bench.announce(
                    0,
                    new Asked(
                            "any",
                            () -> {
                                if (modified.get() != null && once.compareAndSet(false, true)) {
                                    modified.get().announceAgain(Set.of("tiny"), 1); // another thread's
                                }
                            },
                            () -> {})));
            modified.get().announceAgain(Set.of("tiny"), 0);

            try (DatabaseDriver opened = bench.connections.open(Bench.TINY)) {
                assertEquals("any", Bench.answer(opened));
            }
        }
    }

    @Test
    void openingEnds_whileItsServiceIsModified_theLesserFactoryDoesNotTakeOver() throws Exception {
        try (Bench bench = Bench.patient()) {
            var othersAsked = new AtomicInteger();
            var creating = new CountDownLatch(1);
            var mayCreate = new CountDownLatch(1);
            var mayJudge = new CountDownLatch(1);
            var asksAgain = new AtomicBoolean();
            var askedAgain = new AtomicInteger();
            var mayAnswer = new CountDownLatch(1);
            bench.announce(0, config -> new TinyDriver("lesser"));
            Candidate best = bench.announce(
                    1,
                    new Asked(
                            "best",
                            () -> {
                                if (asksAgain.get()) {
                                    askedAgain.incrementAndGet();
                                    Bench.await(mayAnswer);
                                }
                            },
                            () -> {
                                creating.countDown();
                                Bench.await(mayCreate);
                            }));
            var caller = Bench.async(bench::answer);
            Bench.await(creating);
            var coming = Bench.async(() -> bench.announce(
                    -1,
                    new Asked(
                            "last",
                            () -> {
                                othersAsked.incrementAndGet();
                                Bench.await(mayJudge);
                            },
                            () -> {})));
            Bench.await(() -> othersAsked.get() == 1);
            mayCreate.countDown();
            Bench.await(
                    () -> othersAsked.get() >= 2); // by the opening that has ended: it asks once more, the best first
            assertEquals("best", Bench.join(caller));

            asksAgain.set(true);
            var modifying = Bench.async(() -> {
                modify(bench, best);
                return true;
            });
            Bench.await(() -> askedAgain.get() == 1);
            mayJudge.countDown();
            // by the one that comes and by the opening, after it has judged; it asks without the lock
            Bench.await(() -> askedAgain.get() == 3 || draining(bench));
            boolean evicted = draining(bench);
            mayAnswer.countDown();
            Bench.join(modifying);
            Bench.join(coming);

            assertTrue(!evicted, "the best was evicted while nobody knew whether it serves");
            assertEquals(1, bench.slot().status().generation());
        }
    }

    private static boolean draining(Bench bench) {
        return bench.told().stream().anyMatch(event -> event.kind() == Kind.DRAINING);
    }
}
