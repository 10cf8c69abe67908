package dev.bunary.orm.driver.tck;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DriverFactory;
import java.nio.file.Path;
import java.util.Map;
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
}
