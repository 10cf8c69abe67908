package dev.bunary.orm.query;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunary.orm.driver.Dialect;
import dev.bunary.orm.registry.LeaseSource;
import org.junit.jupiter.api.AfterEach;

/** The query builder on a driver that has four methods and SQLite's dialect. */
final class FiveMethodDriverTest extends StrictQueryBuilderContract {
    private final FourMethodDriver driver = new FiveMethodDriver();
    private final DriverLeases leases = new DriverLeases(driver);

    static class FiveMethodDriver extends FourMethodDriver {
        private static final Dialect DIALECT = new SqliteDialect();

        FiveMethodDriver() {
            super(":memory:");
        }

        @Override
        public Dialect dialect() {
            return DIALECT;
        }
    }

    @Override
    protected LeaseSource freshDatabase() {
        return leases;
    }

    @AfterEach
    void everyLeaseIsReleased() {
        driver.close();
        assertEquals(0, leases.held.get());
    }
}
