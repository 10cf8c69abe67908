package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.OrmException;
import java.util.function.Function;

/** One unit of work holding a driver: while it is held, a swap waits. Release it exactly once, in {@code finally}. */
public interface Lease {

    /** The driver to work on: the current generation's, or that of the transaction this thread is in. */
    DatabaseDriver driver();

    /**
     * Something derived from this driver that is dropped with it, such as compiled SQL; made once per key. A static
     * cache would pin the driver's classes after a swap.
     *
     * @param key compared by equals; holds no classes of a driver
     */
    <T> T derived(Object key, Function<DatabaseDriver, T> make);

    /** Names the connection on a failure, and tells a failure that a swap's deadline caused from the database's own. */
    RuntimeException explain(OrmException failure);

    /** As {@link #explain}, for work that changes nothing, so that its outcome is known. */
    RuntimeException explainRead(OrmException failure);

    /** From now on the unit of work is the current thread's, which may then begin more work while the driver drains. */
    default void workHere() {}

    /** Ends the unit of work. */
    void release();
}
