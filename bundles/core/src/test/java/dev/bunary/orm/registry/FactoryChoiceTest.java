package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.NoDriverException;
import dev.bunary.orm.swap.DriverEvent;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Factories of one type, each for a part of the configurations. */
@Timeout(30)
final class FactoryChoiceTest {
    private static final DatabaseConfig OTHER = DatabaseConfig.of("tiny", Map.of("path", "b"));

    private final Bench bench = Bench.patient();

    @AfterEach
    void close() {
        bench.close();
    }

    /** Serves one path, and counts how often it is asked and opened. */
    private static final class Picky implements DriverFactory {
        final AtomicInteger asked = new AtomicInteger();
        final AtomicInteger opened = new AtomicInteger();
        private final String path;

        Picky(String path) {
            this.path = path;
        }

        @Override
        public DatabaseDriver create(DatabaseConfig config) {
            opened.incrementAndGet();
            return new TinyDriver("for " + path);
        }

        @Override
        public boolean serves(DatabaseConfig config) {
            asked.incrementAndGet();
            return config.require("path").equals(path);
        }
    }

    @Test
    void factory_thatServesTheConnectionNoMore_isEvicted_andServesAgainWhenItDoes() throws Exception {
        Candidate only = bench.announce(0, config -> new TinyDriver("only"));
        DatabaseDriver before = bench.slot().driver();
        assertEquals("only", bench.answer());

        bench.registry.announceAgain(only, Set.of("other"), 0);
        bench.await(DriverEvent.Kind.DRAINING);
        CompletableFuture<String> parked = Bench.async(bench::answer);
        Bench.await(() -> bench.slot().status().parked() == 1);
        bench.registry.announceAgain(only, Set.of("tiny"), 0);

        assertEquals("only", Bench.join(parked));
        assertNotSame(before, bench.slot().driver());
    }

    @Test
    void best_thatDoesNotServe_isPassedOver() {
        var a = new Picky("a");
        var b = new Picky("b");
        bench.announce(0, a);
        bench.announce(100, b);
        assertEquals("for a", bench.answer());
        assertEquals(0, b.opened.get());
        assertEquals(1, bench.slot().status().candidates().size());
        bench.configure(OTHER);
        assertEquals("for b", bench.answer());
    }

    /** Whoever comes first, and whichever had to restart, which is to come last. */
    @ParameterizedTest
    @ValueSource(strings = {"012", "021", "102", "120", "201", "210"})
    void tie_ofRanking_goesToTheOneChangedLastThenToTheHigherId(String order) {
        long[][] modifiedAndId = {{2, 1}, {1, 3}, {2, 2}};
        for (char next : order.toCharArray()) {
            announceTied("factory " + next, modifiedAndId[next - '0'][0], modifiedAndId[next - '0'][1]);
        }
        assertEquals("factory 2", bench.answer());
    }

    @Test
    void tie_ofAll_goesToTheOneAnnouncedLast() {
        for (int next = 0; next < 8; next++) {
            announceTied("factory " + next, 0, 0);
        }
        assertEquals("factory 7", bench.answer());
    }

    private void announceTied(String name, long modified, long id) {
        DriverFactory factory = config -> new TinyDriver(name);
        bench.registry.announce(new FactorySource(factory, Set.of("tiny"), 0, name, "1.0", name, modified, id));
    }

    @Test
    void unrelated_thatComesAndGoes_swapsNothing() {
        bench.announce(0, new Picky("a"));
        assertEquals("for a", bench.answer());
        Candidate unrelated = bench.announce(100, new Picky("b"));
        bench.registry.withdraw(unrelated);
        assertEquals("for a", bench.answer());
        assertEquals(1, bench.slot().status().generation());
    }

    @Test
    void answer_untilItIsAnnouncedAgain_isRemembered() {
        var a = new Picky("a");
        Candidate candidate = bench.announce(0, a);
        assertEquals("for a", bench.answer());
        bench.slot().status();
        assertEquals(1, a.asked.get());
        bench.registry.announceAgain(candidate, Set.of("tiny"), 5);
        assertEquals("for a", bench.answer());
        int asked = a.asked.get();
        assertTrue(
                asked == 2 || asked == 3, "the opening's thread may ask at the same time, and nobody else: " + asked);
    }

    @Test
    void none_thatServes_isToldAsSuch() {
        bench.announce(0, new Picky("b"));
        var none = assertThrows(NoDriverException.class, bench::answer);
        assertTrue(none.getMessage().contains("its factories do not take this configuration"), none::getMessage);
    }

    @Test
    void factory_thatThrowsWhenAsked_isTriedAndToldByCreate() {
        bench.announce(0, new DriverFactory() {
            @Override
            public DatabaseDriver create(DatabaseConfig config) {
                return new TinyDriver("opened");
            }

            @Override
            public boolean serves(DatabaseConfig config) {
                throw new IllegalStateException("not now");
            }
        });
        assertEquals("opened", bench.answer());
    }
}
