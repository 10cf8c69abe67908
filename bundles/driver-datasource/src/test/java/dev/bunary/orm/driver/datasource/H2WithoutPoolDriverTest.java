package dev.bunary.orm.driver.datasource;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DriverFactory;
import java.nio.file.Path;
import java.util.Map;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The whole contract on a DataSource that is a pool of the user's own, and stays open when drivers close. */
final class H2WithoutPoolDriverTest extends H2Contract {
    @TempDir
    Path folder;

    private JdbcConnectionPool pool;

    @Override
    String url() {
        return "jdbc:h2:file:" + folder.resolve("contract");
    }

    @Override
    protected DriverFactory factory() {
        if (pool == null) {
            pool = JdbcConnectionPool.create(dataSource(url()));
        }
        return DataSourceDriverFactory.of((DataSource) pool);
    }

    @Override
    protected DatabaseConfig config() {
        return DatabaseConfig.of("datasource", Map.of("pool", "none"));
    }

    @AfterEach
    void closePool() {
        pool.dispose();
    }
}
