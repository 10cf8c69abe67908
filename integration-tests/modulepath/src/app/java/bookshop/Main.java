package bookshop;

import dev.bunary.orm.Bunary;
import dev.bunary.orm.Model;
import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.NoDriverException;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.FactoryInfo;
import dev.bunary.orm.swap.Registration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Small application, compiled and run in a process of its own: {@code find}, {@code override} or {@code unknown}. */
public final class Main {
    private Main() {}

    /**
     * Runs one command.
     *
     * @param args the command
     */
    public static void main(String[] args) {
        switch (args[0]) {
            case "find" -> find();
            case "override" -> override();
            case "unknown" -> unknown();
            default -> throw new IllegalArgumentException("no command " + args[0]);
        }
    }

    private static void find() {
        configure("sqlite");
        Bunary.getDriver().exec("CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT NOT NULL)");
        Object id = Model.table("books").insertGetId(Map.of("title", "Middlemarch"));
        Row book = Model.table("books").find(id).orElseThrow();
        System.out.println("found " + book.getString("title"));
        System.out.println("in " + where(Bunary.class) + " and " + where(DatabaseDriver.class));
        System.out.println("driver " + factory().name() + " by " + factory().origin());
        Bunary.clearOrmConfig();
    }

    private static void override() {
        configure("sqlite");
        var swaps = new CountDownLatch(2);
        Bunary.listen(event -> {
            if (event.kind() == DriverEvent.Kind.REBOUND) {
                swaps.countDown();
            }
        });
        DatabaseDriver before = Bunary.getDriver();
        System.out.println("before: " + engine());
        var shelf = new ShelfDriver();
        Registration registration = Bunary.registerDriver("sqlite", config -> shelf);
        DatabaseDriver during = Bunary.getDriver();
        System.out.println("during: " + engine() + ", same handle " + (before == during) + ", by "
                + factory().origin());
        System.out.println("the old handle follows: " + ask(before));
        registration.close();
        System.out.println("shelf closed " + shelf.closed);
        System.out.println("after: " + engine() + ", same handle " + (during == Bunary.getDriver()));
        awaitLogged(swaps);
        Bunary.clearOrmConfig();
    }

    /** A swap is logged a moment after its callers go on; the process must not end before. */
    private static void awaitLogged(CountDownLatch swaps) {
        try {
            if (!swaps.await(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("no listener was told of the swaps");
            }
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }

    private static void unknown() {
        configure("postgres");
        try {
            Model.table("books").first();
        } catch (NoDriverException missing) {
            System.out.println(missing.knownTypes());
            System.out.println(missing.getMessage());
            System.exit(3);
        }
    }

    private static void configure(String type) {
        Bunary.setOrmConfig(OrmConfig.of(DatabaseConfig.of(type, Map.of("path", "books.sqlite"))));
    }

    private static String engine() {
        return ask(Bunary.getDriver());
    }

    private static String ask(DatabaseDriver driver) {
        return driver.query("SELECT typeof(sqlite_version()) AS engine")
                .get()
                .orElseThrow()
                .getString("engine");
    }

    private static FactoryInfo factory() {
        return Bunary.drivers().get(0).factory().orElseThrow();
    }

    private static String where(Class<?> type) {
        return type.getModule().isNamed() ? "module " + type.getModule().getName() : "no module";
    }
}
