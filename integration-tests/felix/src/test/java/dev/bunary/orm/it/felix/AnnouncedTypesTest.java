package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.framework.Await;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/** The types that a driver service serves, and the {@code Orm} services that come with it. */
@Timeout(60)
final class AnnouncedTypesTest {

    @TempDir
    private Path folder;

    private TestFramework framework;

    @BeforeEach
    void start() throws Exception {
        framework = TestFramework.start(folder, "connection.wanted.type=wanted", "connection.wanted.path=:memory:");
        framework.installAll();
        framework.startAll();
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    @Test
    void ormService_ofAConnectionNobodyServes_comesWithItsFirstDriver_andStays() throws Exception {
        framework.probe();
        assertEquals(Set.of("default"), connections());
        ServiceRegistration<?> driver = announce("wanted");
        Await.until(() -> connections().equals(Set.of("default", "wanted")), () -> "connections " + connections());
        driver.unregister();
        assertEquals(Set.of("default", "wanted"), connections());
    }

    static Stream<Arguments> forms() {
        return Stream.of(
                Arguments.of("wanted"),
                Arguments.of((Object) new String[] {"wanted", "second"}),
                Arguments.of(List.of("wanted", "second")));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void typeProperty_inEachForm_winsOverTheTypesOfTheFactory(Object types) throws Exception {
        assertFalse(framework.probe().opens("wanted"));
        announce(types);
        framework.driver.stop();
        assertTrue(framework.probe().opens("wanted"));
        assertEquals(!types.equals("wanted"), framework.probe().opens("second"));
        assertFalse(framework.probe().opens("sqlite"), "served by a factory whose service does not say so");
    }

    /** A factory whose {@code types()} says {@code sqlite}. */
    private ServiceRegistration<?> announce(Object types) throws Exception {
        return TestFramework.announce(
                framework.installSilent("9.8.0"), new Hashtable<>(Map.of("bunary.driver.type", types)));
    }

    /** The connections that an {@code Orm} service is there for. */
    private Set<String> connections() {
        try {
            var names = new TreeSet<String>();
            for (ServiceReference<?> orm : framework.context().getAllServiceReferences("dev.bunary.orm.Orm", null)) {
                names.add((String) orm.getProperty("bunary.connection"));
            }
            return names;
        } catch (InvalidSyntaxException wrong) {
            throw new AssertionError(wrong);
        }
    }
}
