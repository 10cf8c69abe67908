package dev.bunary.orm.driver.datasource;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * Makes the threads that open connections, under the class loader of the JDBC driver. Such drivers start threads of
 * their own, some for good; those inherit the context class loader, and would keep the classes of whoever happened to
 * ask first.
 */
final class PoolThreads implements ThreadFactory {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final ClassLoader loader;

    PoolThreads(DataSource dataSource) {
        this.loader = dataSource.getClass().getClassLoader();
    }

    @Override
    public Thread newThread(Runnable work) {
        // the last argument: no inheritable thread locals either
        var thread = new Thread(null, work, "bunary-datasource-" + NUMBER.incrementAndGet(), 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(loader);
        return thread;
    }
}
