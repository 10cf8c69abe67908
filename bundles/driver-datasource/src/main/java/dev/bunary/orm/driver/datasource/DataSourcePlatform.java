package dev.bunary.orm.driver.datasource;

import dev.bunary.orm.driver.Dialect;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.jdbc.JdbcPlatform;
import dev.bunary.orm.jdbc.JdbcSession;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is special about one product under JDBC. */
final class DataSourcePlatform implements JdbcPlatform {
    private final Product product;

    DataSourcePlatform(Product product) {
        this.product = product;
    }

    @Override
    public Dialect dialect() {
        return product.dialect();
    }

    @Override
    public boolean hasReturning() {
        return product.hasReturning();
    }

    @Override
    public @Nullable String standardState(SQLException error) {
        return product.words().state(error);
    }

    @Override
    public String message(SQLException error) {
        String message = JdbcPlatform.super.message(error);
        String own = error.getMessage();
        if (own == null) {
            return message;
        }
        if (message.equals(own)) {
            return product.words().stripped(own);
        }
        Optional<String> names = product.words().namesOnly(product.words().stripped(own), error);
        return names.orElse(message);
    }

    /** Only what differs from a connection as the pool gives it: each call may be a round trip. */
    @Override
    public void begin(JdbcSession session, TransactionOptions options) throws SQLException {
        if (options.readOnly()) {
            session.connection().setReadOnly(true);
        }
        session.connection().setAutoCommit(false);
    }

    /** The modes are set back when the connection is given back, where a failure cannot make a commit look like none. */
    @Override
    public void commit(JdbcSession session, TransactionOptions options) throws SQLException {
        session.connection().commit();
    }

    @Override
    public void rollback(JdbcSession session, TransactionOptions options) throws SQLException {
        session.connection().rollback();
    }
}
