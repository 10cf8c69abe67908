package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** What a framework lets out of a connection that has secrets: service properties, the log, errors, the status. */
@Timeout(60)
final class SecretsTest {
    private static final String ORM = "dev.bunary.orm.Orm";
    private static final List<String> SECRETS = List.of("swordfish-1", "us3r-2", "par4m-3");

    @TempDir
    private Path folder;

    private final List<String> heard = new CopyOnWriteArrayList<>();

    @Test
    void connection_withSecrets_isServedSwappedAndRefusedWithoutShowingThem() throws Exception {
        Logger root = Logger.getLogger("");
        Level level = root.getLevel();
        var listening = new Listening();
        root.setLevel(Level.ALL);
        root.addHandler(listening);
        try (TestFramework framework = TestFramework.start(
                folder,
                "connection.reports.type=sqlite",
                "connection.reports.password=swordfish-1",
                "connection.reports.url=jdbc:x://ann:us3r-2@host/shop?token=par4m-3")) {
            framework.installAll();
            framework.startAll();
            framework.probe().exec("CREATE TABLE notes (text TEXT NOT NULL)");
            BundleContext context = framework.core.getBundleContext();
            use(context, reports(context));
            framework.update(framework.driver, framework.driverAs("9.1.0"));
            framework.probe().ask("SELECT typeof(sqlite_version())");
            use(context, reports(context));
            hearServices(context);
        } finally {
            root.removeHandler(listening);
            root.setLevel(level);
        }
        String all = String.join("\n", heard);
        SECRETS.forEach(secret -> assertFalse(all.contains(secret), () -> secret + " is shown:\n" + all));
        assertTrue(all.contains("bunary.connection=reports"), () -> "no service of the connection:\n" + all);
        assertTrue(all.contains("password=***"), () -> "no configuration:\n" + all);
        assertTrue(all.contains("sqlite has no property 'password'"), () -> "no refusal:\n" + all);
        assertTrue(all.contains("sqlite rebound, generation 2"), () -> "no log of the swap:\n" + all);
    }

    private static ServiceReference<?> reports(BundleContext context) throws Exception {
        return context.getAllServiceReferences(ORM, "(bunary.connection=reports)")[0];
    }

    /** By reflection, as the bundles' classes are not the test's. */
    private void use(BundleContext context, ServiceReference<?> reference) throws Exception {
        Object orm = context.getService(reference);
        var refused = assertThrows(
                InvocationTargetException.class,
                () -> orm.getClass().getMethod("getDriver").invoke(orm));
        hear(refused);
        heard.add(String.valueOf(orm.getClass().getMethod("config").invoke(orm)));
        heard.add(String.valueOf(orm.getClass().getMethod("drivers").invoke(orm)));
        heard.add(orm.toString());
        context.ungetService(reference);
    }

    private void hearServices(BundleContext context) throws Exception {
        for (ServiceReference<?> reference : context.getAllServiceReferences(null, null)) {
            for (String key : reference.getPropertyKeys()) {
                heard.add(key + "=" + reference.getProperty(key));
            }
        }
    }

    private void hear(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        heard.add(text.toString());
    }

    private final class Listening extends Handler {
        @Override
        public void publish(LogRecord line) {
            heard.add(line.getLoggerName() + ": " + line.getMessage());
            if (line.getThrown() != null) {
                hear(line.getThrown());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
