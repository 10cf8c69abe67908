package dev.bunary.orm.driver.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.SqlException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four methods pass the required part of the contract. */
final class FourMethodDriverTest extends DatabaseDriverContract {
    @TempDir
    Path folder;

    @Override
    protected DriverFactory factory() {
        return FourMethodDriver::new;
    }

    @Override
    protected DatabaseConfig config() {
        return DatabaseConfig.of(
                "sqlite", Map.of("path", folder.resolve("contract.db").toString()));
    }

    @Override
    protected boolean closesWhileWorking() {
        return false;
    }

    @Override
    protected boolean guardsTransactions() {
        return false;
    }

    @Override
    protected boolean readOnlyTransactions() {
        return false;
    }

    @Override
    protected boolean typedErrors() {
        return false;
    }

    @Override
    protected boolean quotesStrictly() {
        return false;
    }

    @Override
    protected boolean offsetsWithoutLimit() {
        return false;
    }

    @Override
    protected boolean refusesForeignTypes() {
        return false;
    }

    @Test
    void transaction_rollbackFails_throwsWhatLedToIt() {
        var first = new IllegalStateException("the work's own");
        try (DatabaseDriver driver = factory().create(config())) {
            Throwable thrown = assertThrows(
                    IllegalStateException.class,
                    () -> driver.transaction(work -> {
                        work.exec("ROLLBACK"); // so that the driver's own has nothing to end
                        throw first;
                    }));
            assertSame(first, thrown);
            assertEquals(1, thrown.getSuppressed().length);
            assertInstanceOf(SqlException.class, thrown.getSuppressed()[0]);
        }
    }
}
