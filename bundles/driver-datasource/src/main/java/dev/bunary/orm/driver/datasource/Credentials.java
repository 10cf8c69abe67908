package dev.bunary.orm.driver.datasource;

import dev.bunary.orm.driver.DatabaseConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/** Who connects, if the DataSource does not know by itself. */
final class Credentials {
    static final Credentials NONE = new Credentials(Optional.empty(), "");

    private final Optional<String> user;
    private final String password;

    private Credentials(Optional<String> user, String password) {
        this.user = user;
        this.password = password;
    }

    static Credentials of(DatabaseConfig config) {
        return new Credentials(config.find("user"), config.find("password").orElse(""));
    }

    Optional<String> user() {
        return user;
    }

    String password() {
        return password;
    }

    Connection connect(DataSource dataSource) throws SQLException {
        return user.isPresent() ? dataSource.getConnection(user.get(), password) : dataSource.getConnection();
    }
}
