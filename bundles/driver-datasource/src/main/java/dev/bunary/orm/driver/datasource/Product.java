package dev.bunary.orm.driver.datasource;

import dev.bunary.orm.driver.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;

/** The databases whose ways are known here; all others are spoken to in the standard's. */
enum Product {
    /** Asks the database; only a name in the configuration. */
    AUTO(Dialect.STANDARD, ErrorWords.STANDARD),
    /** H2 2.x. */
    H2(new H2Dialect(), ErrorWords.H2),
    /** PostgreSQL, and what speaks like it. */
    POSTGRESQL(new PostgresqlDialect(), ErrorWords.POSTGRESQL),
    /** MariaDB from 10.5, which has RETURNING. */
    MARIADB(new MariadbDialect(), ErrorWords.MARIADB),
    /** MySQL, which has not. */
    MYSQL(new MariadbDialect(), ErrorWords.MARIADB),
    /** Anything else. */
    STANDARD(Dialect.STANDARD, ErrorWords.STANDARD);

    private final Dialect dialect;
    private final ErrorWords words;

    Product(Dialect dialect, ErrorWords words) {
        this.dialect = dialect;
        this.words = words;
    }

    Dialect dialect() {
        return dialect;
    }

    ErrorWords words() {
        return words;
    }

    /** Whether an INSERT can give its keys as rows; if not, JDBC's way is gone. */
    boolean hasReturning() {
        return this != MYSQL && this != STANDARD;
    }

    /** Asks the database behind a pool. */
    static Product of(ConnectionPool pool) {
        try {
            Connection connection = pool.take();
            try {
                return of(connection.getMetaData().getDatabaseProductName());
            } finally {
                pool.giveBack(connection);
            }
        } catch (SQLException error) {
            throw OpenFailure.of(error);
        }
    }

    static Product of(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "h2" -> H2;
            case "postgresql" -> POSTGRESQL;
            case "mariadb" -> MARIADB;
            case "mysql" -> MYSQL;
            default -> STANDARD;
        };
    }
}
