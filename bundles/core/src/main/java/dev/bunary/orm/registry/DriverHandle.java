package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.Dialect;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.QueryResult;
import dev.bunary.orm.driver.TransactionCallback;
import dev.bunary.orm.driver.TransactionOptions;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The driver that {@code getDriver()} gives: takes a lease for each call, so that the driver behind it can be swapped.
 * Follows its connection while its {@link Era} lasts. Safe for use by many threads.
 */
final class DriverHandle implements DatabaseDriver, LeaseSource {
    private final String connection;
    private final Era era;

    /** Of the driver it was given out with. Not that itself: a handle is kept for long, and would keep its classes. */
    private final LeaseCounter birth;

    /** Whose it is; null if it is not given to anybody in particular. */
    private final @Nullable ConsumerScope scope;

    DriverHandle(String connection, Era era, LeaseCounter birth) {
        this(connection, era, birth, null);
    }

    private DriverHandle(String connection, Era era, LeaseCounter birth, @Nullable ConsumerScope scope) {
        this.connection = connection;
        this.era = era;
        this.birth = birth;
        this.scope = scope;
    }

    /** This handle for one consumer. */
    DriverHandle within(ConsumerScope consumer) {
        return new DriverHandle(connection, era, birth, consumer);
    }

    /** Whether both are of one driver and share one fate. */
    boolean isLike(DriverHandle other) {
        return isOf(other.era, other.birth);
    }

    boolean isOf(Era itsEra, LeaseCounter leases) {
        return era == itsEra && birth == leases;
    }

    /** Whether this handle's own driver takes new work: the hot path of {@code getDriver()}. */
    boolean isCurrent() {
        return birth.isOpen();
    }

    @Override
    public QueryResult query(String sql, @Nullable Object... params) {
        era.source();
        Object[] bound = params.clone();
        return new LeasedResult(this, driver -> driver.query(sql, bound));
    }

    @Override
    public QueryResult insert(String sql, List<String> keys, @Nullable Object... params) {
        era.source();
        Object[] bound = params.clone();
        return new LeasedResult(this, driver -> driver.insert(sql, keys, bound));
    }

    @Override
    public long exec(String sql, @Nullable Object... params) {
        return leased(driver -> driver.exec(sql, params));
    }

    @Override
    public long[] execBatch(String sql, List<@Nullable Object[]> rows) {
        return leased(driver -> driver.execBatch(sql, rows));
    }

    @Override
    public List<String> columns(String table) {
        return leased(driver -> driver.columns(table));
    }

    @Override
    public Dialect dialect() {
        return leased(DatabaseDriver::dialect);
    }

    @Override
    public <T extends @Nullable Object> T transaction(TransactionCallback<T> work) {
        return transaction(TransactionOptions.READ_WRITE, work);
    }

    @Override
    public <T extends @Nullable Object> T transaction(TransactionOptions options, TransactionCallback<T> work) {
        while (true) {
            DriverSource source = source();
            if (source.isInTransaction()) {
                return source.transaction(options, work);
            }
            HeldLease lease = source.hold();
            if (era.isStill(source)) { // as in ofThisEra
                return source.transaction(lease, options, work);
            }
            lease.release();
        }
    }

    /** Closes the connection's driver if this handle is its current one, or the driver it is detached to. */
    @Override
    public void close() {
        if (scope != null) {
            scope.forget(this);
        }
        DriverSource source = era.sourceUnlessEnded(); // once, as another thread may end it meanwhile
        if (source != null && mayClose(source)) {
            source.close(birth);
        }
    }

    /** What others use too is no more this handle's once its consumer was released. */
    private boolean mayClose(DriverSource source) {
        return scope == null || scope.isOpen() || !source.isShared();
    }

    private <T> T leased(Function<DatabaseDriver, T> call) {
        Lease lease = acquire();
        try {
            return call.apply(lease.driver());
        } catch (OrmException failure) {
            throw lease.explain(failure);
        } finally {
            lease.release();
        }
    }

    private DriverSource source() {
        DriverSource source = era.source();
        if (scope != null) {
            scope.requireOpen(source);
        }
        return source;
    }

    @Override
    public @Nullable ConsumerScope scope() {
        return scope == null || era.source().isInTransaction() ? null : scope;
    }

    @Override
    public String connection() {
        return connection;
    }

    @Override
    public Lease acquire() {
        return ofThisEra(DriverSource::acquire);
    }

    @Override
    public Lease pin() {
        return ofThisEra(DriverSource::pin);
    }

    /** The era may end while the lease is waited for, which may then be one on another database, or on a later driver. */
    private Lease ofThisEra(Function<DriverSource, Lease> take) {
        while (true) {
            DriverSource source = source();
            Lease lease = take.apply(source);
            if (era.isStill(source)) {
                return lease;
            }
            lease.release();
        }
    }
}
