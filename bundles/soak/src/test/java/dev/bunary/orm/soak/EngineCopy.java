package dev.bunary.orm.soak;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.sqlite.SqliteDriverFactory;
import dev.bunary.orm.jdbc.JdbcDriver;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/**
 * A copy of the SQLite driver with a native library of its own: the classes that users get, loaded once more. Two copies
 * do not see each other's file locks. What its factory opens and closes is counted.
 */
final class EngineCopy {
    private static final List<String> COPIED =
            List.of("dev.bunary.orm.driver.sqlite.", "dev.bunary.orm.jdbc.", "org.sqlite.");

    private final String name;
    private final OpenEngines engines;
    private final ClassLoader loader = new CopyLoader();
    private final DriverFactory real;

    EngineCopy(String name, OpenEngines engines) throws ReflectiveOperationException {
        this.name = name;
        this.engines = engines;
        Class<?> type = loader.loadClass(SqliteDriverFactory.class.getName());
        this.real = (DriverFactory) type.getConstructor().newInstance();
    }

    /** The copy's factory. Its class is of the copy's loader, as is that of the factory behind it. */
    DriverFactory factory() {
        return proxy(
                DriverFactory.class,
                (method, arguments) -> method.getName().equals("create")
                        ? open((DatabaseConfig) arguments[0])
                        : call(real, method, arguments));
    }

    private DatabaseDriver open(DatabaseConfig config) {
        String path = config.require("path");
        engines.opening(this, path);
        try {
            return counted(real.create(config), path);
        } catch (RuntimeException | Error refused) {
            engines.closed(this, path);
            throw refused;
        }
    }

    private DatabaseDriver counted(DatabaseDriver driver, String path) {
        var open = new AtomicBoolean(true);
        return proxy(DatabaseDriver.class, (method, arguments) -> {
            Object result = call(driver, method, arguments);
            if (method.getName().equals("close") && open.getAndSet(false)) {
                engines.closed(this, path);
            }
            return result;
        });
    }

    private <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                loader, new Class<?>[] {type}, (proxy, method, arguments) -> answer.to(method, arguments)));
    }

    private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    @Override
    public String toString() {
        return name;
    }

    private interface Answer {
        @Nullable
        Object to(Method method, Object[] arguments) throws Throwable;
    }

    /** Loads the driver and what it needs anew, but shares the driver API with the test. */
    private static final class CopyLoader extends URLClassLoader {
        CopyLoader() {
            super(
                    Stream.of(SqliteDriverFactory.class, JdbcDriver.class, SQLiteConnection.class)
                            .map(type ->
                                    type.getProtectionDomain().getCodeSource().getLocation())
                            .toArray(URL[]::new),
                    EngineCopy.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (COPIED.stream().noneMatch(name::startsWith)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }
}
