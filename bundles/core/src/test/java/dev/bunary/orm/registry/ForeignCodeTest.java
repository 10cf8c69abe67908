package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promise 8: code of a driver is not run with a lock held, and what it answered is not kept too long. */
@Timeout(60)
class ForeignCodeTest {
    private record Asked(String name, BooleanSupplier answer) implements DriverFactory {
        @Override
        public DatabaseDriver create(DatabaseConfig config) {
            return new TinyDriver(name);
        }

        @Override
        public boolean serves(DatabaseConfig config) {
            return answer.getAsBoolean();
        }
    }

    @Test
    void serves_askedWhileItsServiceIsModified_theAnswerFromBeforeIsNotKept() throws Exception {
        try (Bench bench = Bench.patient()) {
            var asked = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            var calls = new AtomicInteger();
            var coming = Bench.async(() -> bench.announce(0, new Asked("any", () -> {
                if (calls.incrementAndGet() > 1) {
                    return true;
                }
                asked.countDown();
                Bench.await(goOn);
                return false; // by what the service's properties were when it was asked
            })));
            Bench.await(asked);
            bench.registry.announceAgain(bench.registry.announced().get(0), Set.of("tiny"), 0);
            goOn.countDown();
            Bench.join(coming);

            assertEquals("any", bench.answer());
        }
    }
}
