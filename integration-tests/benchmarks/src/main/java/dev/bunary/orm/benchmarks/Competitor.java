package dev.bunary.orm.benchmarks;

import dev.bunary.orm.benchmarks.ebean.EbeanDatabase;
import dev.bunary.orm.benchmarks.hibernate.HibernateStateless;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Properties;

/** What is compared with hand-written JDBC. */
public enum Competitor {
    CONTROL("hand-written JDBC again (control)", "sqlite") {
        @Override
        Subject open(Path file) throws SQLException {
            return new HandWritten(file);
        }
    },
    BUNARY("**Bunary ORM, row reader**", "bunary") {
        @Override
        Subject open(Path file) {
            return new BunaryOrm(file);
        }
    },
    BUNARY_ROWS("**Bunary ORM, `Row`**", "bunary") {
        @Override
        Subject open(Path file) {
            return new BunaryRows(file);
        }
    },
    POOLED("HikariCP, prepared each time", "hikari") {
        @Override
        Subject open(Path file) {
            return new PooledJdbc(file);
        }
    },
    EBEAN("Ebean", "ebean") {
        @Override
        Subject open(Path file) {
            return new EbeanDatabase(file);
        }
    },
    SPRING("Spring JdbcClient", "spring") {
        @Override
        Subject open(Path file) {
            return new SpringJdbc(file);
        }
    },
    HIBERNATE("Hibernate StatelessSession", "hibernate") {
        @Override
        Subject open(Path file) {
            return new HibernateStateless(PooledJdbc.pool(file));
        }
    },
    JOOQ("jOOQ", "jooq") {
        @Override
        Subject open(Path file) throws SQLException {
            try {
                return (Subject) Class.forName("dev.bunary.orm.benchmarks.JooqContext")
                        .getConstructor(Path.class)
                        .newInstance(file);
            } catch (ReflectiveOperationException failure) {
                throw new SQLException("jOOQ cannot be started", failure);
            }
        }

        @Override
        String missing() {
            return Runtime.version().feature() < 21
                    ? "jOOQ " + version() + " needs Java 21, and this is Java "
                            + Runtime.version().feature() + "; set JAVA25_HOME"
                    : "";
        }
    },
    JDBI("Jdbi", "jdbi") {
        @Override
        Subject open(Path file) {
            return new JdbiHandles(file);
        }
    };

    private static final Properties VERSIONS = versions();

    final String title;
    private final String product;

    Competitor(String title, String product) {
        this.title = title;
        this.product = product;
    }

    /** Opens it on a database that nothing else uses. */
    abstract Subject open(Path file) throws SQLException;

    /** Why it cannot take part; empty if it can. */
    String missing() {
        return "";
    }

    String version() {
        return version(product);
    }

    static String version(String product) {
        return VERSIONS.getProperty(product);
    }

    private static Properties versions() {
        var versions = new Properties();
        try (InputStream in = Competitor.class.getResourceAsStream("versions.properties")) {
            versions.load(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return versions;
    }
}
