package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunary.orm.swap.DriverEvent.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SlotEventsTest {
    private static final int THREADS = 4;
    private static final int EACH = 5_000;

    @Test
    void tell_byManyThreads_keepsTheOrderOfTheNotes() throws Exception {
        var heard = new ArrayList<Long>();
        var all = new CountDownLatch(THREADS * EACH);
        var events = new Events();
        events.listen(
                event -> { // one at a time, on one thread
                    heard.add(event.generation());
                    all.countDown();
                });
        var slot = new SlotEvents("default", events);
        var candidate = new Candidate(
                new FactorySource(config -> new TinyDriver("noted"), Set.of("tiny"), 0, "test", "", "test", 0, 0),
                new DriverRegistry(),
                null);
        var lock = new ReentrantLock();
        long[] number = {0};
        var threads = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < THREADS; i++) {
            threads.add(Bench.async(() -> {
                for (int n = 0; n < EACH; n++) {
                    lock.lock();
                    try {
                        slot.note(Kind.BOUND, number[0]++, candidate, SlotEvents.Drained.NOTHING, "noted");
                    } finally {
                        lock.unlock();
                    }
                    slot.tell();
                }
                return null;
            }));
        }
        for (CompletableFuture<Void> thread : threads) {
            Bench.join(thread);
        }
        Bench.await(all);
        assertEquals(LongStream.range(0, THREADS * EACH).boxed().toList(), List.copyOf(heard));
    }
}
