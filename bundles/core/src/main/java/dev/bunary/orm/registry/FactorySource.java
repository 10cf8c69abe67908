package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DriverFactory;
import java.util.Set;

/**
 * A factory and where a feeder found it.
 *
 * @param factory the factory
 * @param types the types it announces
 * @param ranking the highest is chosen
 * @param name the bundle's, module's or class's name
 * @param version its version, empty if there is none
 * @param origin for a person, such as {@code bundle 12}
 * @param modified on equal ranking the later wins; milliseconds, 0 if unknown
 * @param id on equal {@code modified} the higher wins; 0 if unknown
 */
public record FactorySource(
        DriverFactory factory,
        Set<String> types,
        int ranking,
        String name,
        String version,
        String origin,
        long modified,
        long id) {

    /** Copies the types. */
    public FactorySource {
        types = Set.copyOf(types);
    }

    /**
     * A factory that a service loader made. Takes its name and version from its module, or its name from its class.
     * Calls the factory.
     *
     * @param factory the factory
     * @param provider the class that was announced
     * @param origin for a person
     * @return the source
     */
    public static FactorySource of(DriverFactory factory, Class<?> provider, String origin) {
        Module module = provider.getModule();
        String name = module.isNamed() ? module.getName() : provider.getName();
        String version = module.isNamed() ? module.getDescriptor().rawVersion().orElse("") : "";
        return new FactorySource(factory, factory.types(), factory.ranking(), name, version, origin, 0, 0);
    }

    /** The same factory with other types and ranking. */
    public FactorySource with(Set<String> newTypes, int newRanking) {
        return new FactorySource(factory, newTypes, newRanking, name, version, origin, modified, id);
    }
}
