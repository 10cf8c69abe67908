package dev.bunary.orm.driver.datasource;

import dev.bunary.orm.driver.DatabaseConfig;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The whole contract on H2 by TCP. */
final class H2ServerDriverTest extends H2Contract {
    private static Server server;

    @TempDir
    Path folder;

    @BeforeAll
    static void startServer() throws SQLException {
        System.setProperty("h2.bindAddress", "127.0.0.1");
        server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
    }

    @AfterAll
    static void stopServer() {
        server.stop();
    }

    @Override
    String url() {
        return "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/" + folder.resolve("contract");
    }

    @Override
    protected DatabaseConfig config() {
        return DatabaseConfig.of("datasource", Map.of("url", url()));
    }
}
