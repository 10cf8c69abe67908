package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.DriverSwappedException;
import dev.bunary.orm.driver.TransactionCallback;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.DriverState;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What must come before what in a swap, and who must not be waited for. */
@Timeout(60)
class SwapOrderTest {

    @Test
    void nextDriver_whileTheLastIsClosing_isNotOpened() throws Exception {
        try (Bench bench = Bench.patient()) {
            var closing = new CountDownLatch(1);
            var mayClose = new CountDownLatch(1);
            var old = new TinyDriver("old") {
                @Override
                public void close() {
                    closing.countDown();
                    Bench.await(mayClose);
                    super.close();
                }
            };
            var openedAfterTheClose = new AtomicBoolean();
            bench.announce(0, config -> old);
            bench.answer();

            bench.announce(1, config -> {
                openedAfterTheClose.set(old.isClosed());
                return new TinyDriver("new");
            });
            Bench.await(closing);
            var next = Bench.async(bench::answer);
            Bench.await(() -> next.isDone() || bench.slot().status().parked() > 0);
            mayClose.countDown();

            assertEquals("new", Bench.join(next));
            assertTrue(openedAfterTheClose.get(), "two drivers of one engine were open at once");
        }
    }

    @Test
    void withdraw_fromInsideAnOwnTransaction_doesNotWaitForTheDeadline() throws Exception {
        try (Bench bench = Bench.withTimeouts(20_000, 2_000, 20_000)) {
            Candidate factory = bench.announce(0, config -> new TinyDriver("old"));

            assertThrows(
                    DriverSwappedException.class,
                    () -> bench.slot().transaction(TransactionOptions.READ_WRITE, tx -> {
                        bench.registry.withdraw(factory);
                        return 1;
                    }));

            Set<DriverEvent.Kind> told = EnumSet.noneOf(DriverEvent.Kind.class);
            while (!told.contains(DriverEvent.Kind.LOST)) {
                DriverEvent event = bench.events.poll(Bench.LIMIT_SECONDS, TimeUnit.SECONDS);
                assertNotNull(event, "told so far: " + told);
                told.add(event.kind());
            }
            assertFalse(told.contains(DriverEvent.Kind.FORCED), "it waited for itself");
        }
    }

    @Test
    void commit_thatTheDeadlineFindsInFlight_hasAnUnknownOutcome() throws Exception {
        try (Bench bench = Bench.withTimeouts(20_000, 200, 20_000)) {
            var committing = new CountDownLatch(1);
            var broken = new CountDownLatch(1);
            Candidate factory = bench.announce(0, config -> new TinyDriver("old") {
                @Override
                public <T> T transaction(TransactionCallback<T> work) {
                    work.run(this);
                    committing.countDown();
                    Bench.await(broken);
                    throw new DriverClosedException("closed before the answer to the commit came");
                }

                @Override
                public void close() {
                    super.close();
                    broken.countDown();
                }
            });
            var work = Bench.async(() -> bench.slot().transaction(TransactionOptions.READ_WRITE, tx -> tx.exec("x")));
            Bench.await(committing);

            bench.registry.withdraw(factory);

            var failure = assertThrows(ExecutionException.class, () -> Bench.join(work));
            var swapped = assertInstanceOf(DriverSwappedException.class, failure.getCause());
            assertFalse(swapped.isOutcomeKnown(), swapped::toString);
        }
    }

    @Test
    void listener_thatBlocks_holdsUpNeitherSwapNorCallers() throws Exception {
        try (Bench bench = Bench.patient()) {
            var told = new CountDownLatch(1);
            var mayReturn = new CountDownLatch(1);
            bench.connections.listen(event -> {
                told.countDown();
                Bench.await(mayReturn);
            });
            bench.announce(0, config -> new TinyDriver("old"));

            var first = Bench.async(bench::answer);
            Bench.await(told);
            assertEquals("old", Bench.join(first));
            bench.announce(1, config -> new TinyDriver("new"));
            assertEquals("new", Bench.join(Bench.async(bench::answer)));

            mayReturn.countDown();
            bench.await(DriverEvent.Kind.REBOUND);
        }
    }

    @Test
    void log_thatAsksForTheStatusOnAnotherThread_isAnswered() throws Exception {
        Logger logger = Logger.getLogger("dev.bunary.orm");
        try (Bench bench = Bench.patient()) {
            var answered = new CompletableFuture<DriverState>();
            Handler asking = new Asking(() -> complete(answered, bench));
            logger.addHandler(asking);
            try {
                bench.announce(0, config -> new TinyDriver("old"));
                bench.answer();
                bench.announce(1, config -> new TinyDriver("new"));
                bench.answer();
                assertEquals(DriverState.BOUND, Bench.join(answered), "a lock was held while the swap was logged");
            } finally {
                logger.removeHandler(asking);
            }
        }
    }

    private static void complete(CompletableFuture<DriverState> answered, Bench bench) {
        try {
            answered.complete(Bench.join(Bench.async(() -> bench.slot().status().state())));
        } catch (Exception | AssertionError failure) {
            answered.completeExceptionally(failure);
        }
    }

    /** Does something when a swap is logged. */
    private static final class Asking extends Handler {
        private final Runnable act;

        Asking(Runnable act) {
            this.act = act;
        }

        @Override
        public void publish(LogRecord line) {
            if (line.getMessage().contains("rebound")) {
                act.run();
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
