package dev.bunary.orm.it.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.bunary.orm.driver.DriverFactory;
import java.lang.reflect.AccessibleObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** ARCHITECTURE.md's table of packages and its list of what is never done, as rules on the shipped classes. */
final class PackageRulesTest {

    /** Core, top to bottom: each package uses only those after it. The last is driver-api's. */
    private static final List<String> CORE_TOP_DOWN = List.of(
            "dev.bunary.orm.osgi",
            "dev.bunary.orm",
            "dev.bunary.orm.layer",
            "dev.bunary.orm.query",
            "dev.bunary.orm.sql",
            "dev.bunary.orm.registry",
            "dev.bunary.orm.swap",
            "dev.bunary.orm.driver");

    private static final Set<String> EXPORTED_BY_CORE =
            Set.of("dev.bunary.orm", "dev.bunary.orm.query", "dev.bunary.orm.swap", "dev.bunary.orm.driver");

    /** Every other package and what it uses: drivers never core, the JDBC base never core, consumers only what is exported. */
    private static final Map<String, Set<String>> OTHERS = Map.of(
            "dev.bunary.orm.jdbc", Set.of("dev.bunary.orm.driver"),
            "dev.bunary.orm.driver.sqlite", Set.of("dev.bunary.orm.driver", "dev.bunary.orm.jdbc"),
            "dev.bunary.orm.driver.datasource", Set.of("dev.bunary.orm.driver", "dev.bunary.orm.jdbc"),
            "dev.bunary.orm.driver.datasource.osgi",
                    Set.of("dev.bunary.orm.driver", "dev.bunary.orm.driver.datasource"),
            "dev.bunary.orm.driver.tck", Set.of("dev.bunary.orm.driver"),
            "dev.bunary.orm.soak", EXPORTED_BY_CORE,
            "dev.bunary.orm.soak.osgi", with(EXPORTED_BY_CORE, "dev.bunary.orm.soak"));

    /** Fewer classes than this mean that the import went wrong and the rules looked at nothing. */
    private static final int FLOOR = 200;

    @Test
    void shippedClasses_ofEveryPackageOfTheTable_areSeen() {
        assertTrue(ShippedClasses.ALL.size() >= FLOOR, () -> "saw only " + ShippedClasses.ALL.size() + " classes");
        assertEquals(
                new TreeSet<>(allowed().keySet()),
                ShippedClasses.ALL.stream()
                        .map(JavaClass::getPackageName)
                        .collect(Collectors.toCollection(TreeSet::new)),
                "a package came or went: put it in the table here and in ARCHITECTURE.md");
    }

    @TestFactory
    Stream<DynamicTest> package_usesOnlyThoseBelowIt() {
        return allowed().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey(),
                        () -> classes()
                                .that()
                                .resideInAPackage(entry.getKey())
                                .should()
                                .onlyDependOnClassesThat(oursOnlyIn(entry.getKey(), entry.getValue()))
                                .check(ShippedClasses.ALL)));
    }

    @Test
    void packages_together_haveNoCycle() {
        SlicesRuleDefinition.slices()
                .assignedFrom(new ByPackage())
                .should()
                .beFreeOfCycles()
                .check(ShippedClasses.ALL);
    }

    @Test
    void osgiTypes_outsideTheOsgiPackageOrAnActivator_areNotUsed() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.bunary.orm..osgi")
                .and(not(activator()))
                .should()
                .dependOnClassesThat(resideInAPackage("org.osgi..").and(not(resideInAPackage("org.osgi.annotation.."))))
                .check(ShippedClasses.ALL);
    }

    @Test
    void driverManager_inAnyForm_isNotUsed() {
        // the census counts what is registered; the last two register org.sqlite's driver when they are loaded
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.bunary.orm.soak.ProcessCensus")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.sql.DriverManager")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.sqlite.JDBC")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.sqlite.SQLiteDataSource")
                .check(ShippedClasses.ALL);
    }

    @Test
    void classes_byName_areNotLoaded() {
        noCallsTo(Class.class, "forName").check(ShippedClasses.ALL);
        noCallsTo(ClassLoader.class, "loadClass").check(ShippedClasses.ALL);
    }

    @Test
    void contextClassLoader_isNotAsked() {
        noCallsTo(Thread.class, "getContextClassLoader").check(ShippedClasses.ALL);
    }

    @Test
    void privateMembers_areNotOpened() {
        noCallsTo(AccessibleObject.class, "setAccessible").check(ShippedClasses.ALL);
        noCallsTo(AccessibleObject.class, "trySetAccessible").check(ShippedClasses.ALL);
    }

    @Test
    void serviceLoader_outsideItsTwoReaders_isNotUsed() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.bunary.orm.registry.ServiceProviders")
                .and()
                .doNotHaveFullyQualifiedName("dev.bunary.orm.layer.DriverLayer")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ServiceLoader.class)
                .check(ShippedClasses.ALL);
    }

    @Test
    void serviceLoader_withoutAClassLoaderOrLayer_isNotUsed() {
        // load(Class) alone asks the context class loader
        noClasses()
                .should()
                .callMethod(ServiceLoader.class, "load", Class.class)
                .check(ShippedClasses.ALL);
    }

    @Test
    void logging_otherThanSystemLogger_isNotUsed() {
        noClasses()
                .that()
                .areNotAssignableTo(DataSource.class) // JDBC 4.1 has a Logger in a signature of it
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.util.logging..", "org.slf4j..", "org.apache.commons.logging..", "org.osgi.service.log..")
                .check(ShippedClasses.ALL);
    }

    @Test
    void drivers_andTheirLibraries_areNotNamedByCore() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE_TOP_DOWN.toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.bunary.orm.driver.*..", "dev.bunary.orm.jdbc..", "org.sqlite..")
                .check(ShippedClasses.ALL);
    }

    @Test
    void publicTypes_thatOnlyTheirOwnPackageUses_areNotPublic() {
        var tooPublic = ShippedClasses.ALL.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(type -> !type.getEnclosingClass().isPresent())
                .filter(type -> !ShippedClasses.isExported(type))
                .filter(type -> !isMadeByOthers(type))
                .filter(PackageRulesTest::isUsedOnlyInItsPackage)
                .map(JavaClass::getName)
                .sorted()
                .toList();
        assertEquals(List.of(), tooPublic, "make these package-private");
    }

    /** Activators are made by the framework and factories by ServiceLoader, which both want a public class. */
    private static boolean isMadeByOthers(JavaClass type) {
        return activator().test(type) || type.isAssignableTo(DriverFactory.class);
    }

    private static boolean isUsedOnlyInItsPackage(JavaClass type) {
        return withNested(type)
                .flatMap(each -> each.getDirectDependenciesToSelf().stream())
                .allMatch(use -> use.getOriginClass().getPackageName().equals(type.getPackageName()));
    }

    /** A public type is also needed by whoever uses a type inside it. */
    private static Stream<JavaClass> withNested(JavaClass type) {
        return ShippedClasses.ALL.stream()
                .filter(each -> each.equals(type) || each.getName().startsWith(type.getName() + "$"));
    }

    private static Map<String, Set<String>> allowed() {
        var allowed = new LinkedHashMap<String, Set<String>>();
        for (int i = 0; i < CORE_TOP_DOWN.size(); i++) {
            allowed.put(CORE_TOP_DOWN.get(i), Set.copyOf(CORE_TOP_DOWN.subList(i + 1, CORE_TOP_DOWN.size())));
        }
        allowed.putAll(OTHERS);
        return allowed;
    }

    private static Set<String> with(Set<String> packages, String another) {
        var all = new TreeSet<>(packages);
        all.add(another);
        return all;
    }

    private static DescribedPredicate<JavaClass> oursOnlyIn(String own, Set<String> below) {
        var packages = new ArrayList<>(below);
        packages.add(own);
        return describe(
                "are of " + packages + " or not ours",
                type -> !type.getPackageName().startsWith("dev.bunary.") || packages.contains(type.getPackageName()));
    }

    private static DescribedPredicate<JavaClass> activator() {
        return describe(
                "are a bundle activator",
                type -> type.getAllRawInterfaces().stream()
                                .anyMatch(face -> face.getName().equals("org.osgi.framework.BundleActivator"))
                        || type.getEnclosingClass()
                                .map(outer -> activator().test(outer))
                                .orElse(false));
    }

    private static ArchRule noCallsTo(Class<?> owner, String method) {
        return noClasses().should().callCodeUnitWhere(new CallTo(owner, method));
    }

    /** A call or method reference to a method of a class or of what extends it. */
    private static final class CallTo extends DescribedPredicate<JavaCall<?>> {
        private final Class<?> owner;
        private final String method;

        CallTo(Class<?> owner, String method) {
            super("target is " + owner.getSimpleName() + "." + method);
            this.owner = owner;
            this.method = method;
        }

        @Override
        public boolean test(JavaCall<?> call) {
            CodeUnitCallTarget target = call.getTarget();
            return target.getName().equals(method) && target.getOwner().isAssignableTo(owner);
        }
    }

    private static final class ByPackage implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return type.getPackageName().startsWith("dev.bunary.")
                    ? SliceIdentifier.of(type.getPackageName())
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }
}
