package dev.bunary.orm.driver.datasource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseConfig;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;

/** What HikariCP says when it says everything. */
final class PoolLogTest {
    private static final String SECRET = "hidden5150";

    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    private final Handler capture = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(new SimpleFormatter().format(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @Test
    void create_withAPasswordInTheUrl_isNotLoggedByThePool() {
        Logger pool = Logger.getLogger("com.zaxxer.hikari");
        capture.setLevel(Level.ALL);
        pool.setLevel(Level.ALL);
        pool.addHandler(capture);
        var source = H2Contract.dataSource("jdbc:h2:mem:pool-log;PASSWORD=" + SECRET);
        source.setPassword("");
        try (var driver = DataSourceDriverFactory.of(source).create(DatabaseConfig.of("datasource", Map.of()))) {
            assertEquals(1, driver.query("SELECT 1").all().size());
        } finally {
            pool.removeHandler(capture);
            pool.setLevel(null);
        }
        assertTrue(lines.stream().anyMatch(line -> line.contains("dataSource")), "the pool's settings were not heard");
        assertEquals(
                List.of(), lines.stream().filter(line -> line.contains(SECRET)).toList());
    }
}
