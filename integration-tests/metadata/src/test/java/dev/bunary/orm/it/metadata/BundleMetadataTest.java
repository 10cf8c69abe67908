package dev.bunary.orm.it.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.framework.BareFramework;
import java.lang.module.ModuleDescriptor.Exports;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.namespace.IdentityNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.resource.Namespace;

/** What each jar says as a bundle, read by a framework, and what its activator does against what the jar says. */
@Timeout(60)
final class BundleMetadataTest {
    private static final String SERVICE = "osgi.service";

    /** What ours import; they resolve when the first of ours starts. */
    private static final List<String> LIBRARIES = List.of(
            "org.apache.aries.spifly.dynamic.framework.extension",
            "slf4j-api",
            "slf4j-jdk14",
            "HikariCP",
            "org.osgi.service.jdbc",
            "sqlite-jdbc");

    @TempDir
    private static Path storage;

    private static BareFramework framework;
    private static final Map<String, Bundle> BUNDLES = new TreeMap<>();

    @BeforeAll
    static void install() throws Exception {
        framework = new BareFramework(storage, Map.of());
        for (String library : LIBRARIES) {
            framework.install(ShippedJar.JARS.resolve(library + ".jar"));
        }
        for (ShippedJar jar : ShippedJar.ALL) {
            BUNDLES.put(jar.artifact(), framework.install(jar.file()));
        }
        for (ShippedJar jar : ShippedJar.ALL) {
            // the driver contract imports JUnit, which is not in a bare framework
            if (!jar.folder().equals("driver-tck")) {
                bundle(jar).start();
            }
        }
    }

    @AfterAll
    static void stop() throws Exception {
        framework.close();
    }

    static List<ShippedJar> jars() {
        return ShippedJar.ALL;
    }

    static Stream<ShippedJar> drivers() {
        return ShippedJar.ALL.stream().filter(ShippedJar::hasFactory);
    }

    @ParameterizedTest
    @MethodSource("jars")
    void exports_ofModuleAndBundle_areEqual(ShippedJar jar) {
        var module =
                jar.descriptor().exports().stream().map(Exports::source).collect(Collectors.toCollection(TreeSet::new));
        var bundle = revision(jar).getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE).stream()
                .map(capability -> (String) capability.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(module, bundle);
    }

    /** A bundle that imported what it exports could be wired to another copy of it, whose classes are not its own. */
    @ParameterizedTest
    @MethodSource("jars")
    void imports_ofEachBundle_areNotWhatItExports(ShippedJar jar) {
        for (Exports export : jar.descriptor().exports()) {
            String own = "(" + PackageNamespace.PACKAGE_NAMESPACE + "=" + export.source() + ")";
            revision(jar)
                    .getDeclaredRequirements(PackageNamespace.PACKAGE_NAMESPACE)
                    .forEach(requirement -> assertTrue(
                            !requirement
                                    .getDirectives()
                                    .get(Namespace.REQUIREMENT_FILTER_DIRECTIVE)
                                    .contains(own),
                            () -> jar + " imports " + own));
        }
    }

    @ParameterizedTest
    @MethodSource("jars")
    void exports_ofEachBundle_haveAVersion(ShippedJar jar) {
        revision(jar)
                .getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE)
                .forEach(capability -> assertTrue(
                        !capability
                                .getAttributes()
                                .get(Constants.VERSION_ATTRIBUTE)
                                .toString()
                                .equals("0.0.0"),
                        () -> capability + " has no version"));
    }

    @ParameterizedTest
    @MethodSource("jars")
    void requirements_ofEachBundle_areMandatoryPackages(ShippedJar jar) {
        for (BundleRequirement requirement : revision(jar).getDeclaredRequirements(null)) {
            assertTrue(
                    List.of(
                                    PackageNamespace.PACKAGE_NAMESPACE,
                                    ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE)
                            .contains(requirement.getNamespace()),
                    () -> jar + " requires " + requirement);
            String resolution = requirement
                    .getDirectives()
                    .getOrDefault(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE, Namespace.RESOLUTION_MANDATORY);
            assertEquals(Namespace.RESOLUTION_MANDATORY, resolution, () -> jar + " requires " + requirement);
        }
        assertTrue(revision(jar)
                .getDeclaredRequirements(BundleNamespace.BUNDLE_NAMESPACE)
                .isEmpty());
        assertEquals(null, jar.header(Constants.DYNAMICIMPORT_PACKAGE));
        assertEquals(null, jar.header(Constants.REQUIRE_BUNDLE));
    }

    @ParameterizedTest
    @MethodSource("jars")
    void capabilities_ofEachBundle_arePackagesAndTheServiceItRegisters(ShippedJar jar) {
        var others = revision(jar).getDeclaredCapabilities(null).stream()
                .filter(capability -> !List.of(
                                PackageNamespace.PACKAGE_NAMESPACE,
                                BundleNamespace.BUNDLE_NAMESPACE,
                                "osgi.wiring.host",
                                IdentityNamespace.IDENTITY_NAMESPACE)
                        .contains(capability.getNamespace()))
                .toList();
        var services = others.stream()
                .map(capability -> capability.getNamespace() + "="
                        + capability.getAttributes().get(Constants.OBJECTCLASS))
                .toList();
        assertEquals(
                jar.service().map(type -> SERVICE + "=[" + type + "]").stream().toList(), services);
    }

    @Test
    void sqliteDriver_importOfSqlite_allowsToGoBack() {
        var imports = revision(ShippedJar.ofModule("dev.bunary.orm.driver.sqlite"))
                .getDeclaredRequirements(PackageNamespace.PACKAGE_NAMESPACE)
                .stream()
                .map(requirement -> requirement.getDirectives().get(Namespace.REQUIREMENT_FILTER_DIRECTIVE))
                .filter(filter -> filter.contains("org.sqlite"))
                .toList();
        assertTrue(!imports.isEmpty());
        imports.forEach(filter -> assertTrue(
                filter.contains("(version>=3.50.0)") && filter.contains("(!(version>=4.0.0))"),
                () -> "import " + filter));
    }

    @ParameterizedTest
    @MethodSource("drivers")
    void driverStarted_registers_whatTheJarProvides(ShippedJar jar) {
        var registered = new TreeSet<String>();
        for (ServiceReference<?> reference : services(jar)) {
            assertEquals(List.of(ShippedJar.FACTORY), List.of((String[]) reference.getProperty(Constants.OBJECTCLASS)));
            Object service = bundle(jar).getBundleContext().getService(reference);
            registered.add(service.getClass().getName());
            assertEquals(rankingOf(service), reference.getProperty(Constants.SERVICE_RANKING));
        }
        assertEquals(jar.provides().get(ShippedJar.FACTORY), registered);
    }

    @ParameterizedTest
    @MethodSource("jars")
    void othersStarted_withoutConfiguration_registerNoDriver(ShippedJar jar) {
        var classes = new ArrayList<String>();
        services(jar)
                .forEach(reference -> classes.addAll(List.of((String[]) reference.getProperty(Constants.OBJECTCLASS))));
        assertEquals(jar.hasFactory(), classes.contains(ShippedJar.FACTORY), classes::toString);
    }

    /** The factory's class is the bundle's own here, so it is asked through its method. */
    private static Object rankingOf(Object factory) {
        try {
            return factory.getClass().getMethod("ranking").invoke(factory);
        } catch (ReflectiveOperationException failure) {
            throw new AssertionError("a public factory with a public ranking() was expected", failure);
        }
    }

    private static List<ServiceReference<?>> services(ShippedJar jar) {
        ServiceReference<?>[] services = bundle(jar).getRegisteredServices();
        return services == null ? List.of() : List.of(services);
    }

    private static BundleRevision revision(ShippedJar jar) {
        return bundle(jar).adapt(BundleRevision.class);
    }

    private static Bundle bundle(ShippedJar jar) {
        return BUNDLES.get(jar.artifact());
    }
}
