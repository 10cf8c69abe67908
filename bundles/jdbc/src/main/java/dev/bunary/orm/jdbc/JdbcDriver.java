package dev.bunary.orm.jdbc;

import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.Dialect;
import dev.bunary.orm.driver.InvalidQueryException;
import dev.bunary.orm.driver.QueryResult;
import dev.bunary.orm.driver.TransactionCallback;
import dev.bunary.orm.driver.TransactionOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A driver on JDBC, complete once it is given a source of sessions and a platform. Safe for use by many threads.
 *
 * <p>Results run when they are read; a stream holds its session until it is closed or exhausted. Statements that begin
 * or end a transaction are refused, as is more than one statement in one text.
 */
public final class JdbcDriver implements DatabaseDriver {
    private static final @Nullable Object[] ONE_NULL = {null};

    private final SessionSource source;
    private final JdbcPlatform platform;
    private final SourceLender lender;
    private final SchemaClock schema = new SchemaClock();
    private final StatementRunner runner;

    /**
     * Makes a driver.
     *
     * @param source lends connections; closed with the driver
     * @param platform what is special about the database
     */
    public JdbcDriver(SessionSource source, JdbcPlatform platform) {
        this.source = source;
        this.platform = platform;
        this.lender = new SourceLender(source, platform);
        this.runner = new StatementRunner(lender, platform, schema);
    }

    @Override
    public QueryResult query(String sql, @Nullable Object... params) {
        return new JdbcQuery(runner, sql, copy(params));
    }

    @Override
    public QueryResult insert(String sql, List<String> keys, @Nullable Object... params) {
        return platform.hasReturning()
                ? query(platform.dialect().returning(sql, keys), params)
                : new JdbcQuery(runner, sql, keys, copy(params));
    }

    @Override
    public long exec(String sql, @Nullable Object... params) {
        return runner.exec(sql, params == null ? ONE_NULL : params);
    }

    @Override
    public long[] execBatch(String sql, List<@Nullable Object[]> rows) {
        return runner.execBatch(sql, rows);
    }

    @Override
    public <T extends @Nullable Object> T transaction(TransactionCallback<T> work) {
        return transaction(TransactionOptions.READ_WRITE, work);
    }

    @Override
    public <T extends @Nullable Object> T transaction(TransactionOptions options, TransactionCallback<T> work) {
        if (work == null) {
            throw new InvalidQueryException("the work of the transaction is null; give a callback");
        }
        Access access = options.readOnly() ? Access.READ_TRANSACTION : Access.WRITE_TRANSACTION;
        JdbcSession session = lender.borrow(access);
        try {
            return new JdbcTransaction(lender, platform, schema, session, 0).run(options, work);
        } finally {
            lender.giveBack(session, access);
        }
    }

    @Override
    public Dialect dialect() {
        return platform.dialect();
    }

    @Override
    public void close() {
        source.close();
    }

    /** A result may run long after the call, so it must not share the caller's array; a lone null is one SQL NULL. */
    static @Nullable Object[] copy(@Nullable Object @Nullable [] params) {
        return params == null ? ONE_NULL : params.clone();
    }
}
