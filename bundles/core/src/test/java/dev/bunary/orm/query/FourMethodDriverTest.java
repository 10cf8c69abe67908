package dev.bunary.orm.query;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunary.orm.registry.LeaseSource;
import org.junit.jupiter.api.AfterEach;

/** The query builder on a driver that has four methods and nothing else. */
final class FourMethodDriverTest extends QueryBuilderContract {
    private final FourMethodDriver driver = new FourMethodDriver(":memory:");
    private final DriverLeases leases = new DriverLeases(driver);

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
