package dev.bunary.orm.swap;

/**
 * Where a driver factory comes from.
 *
 * @param name the bundle's symbolic name, the module's name, or the class of a factory registered by code
 * @param version the bundle's or module's version, empty if there is none
 * @param origin {@code bundle 12}, {@code module layer}, {@code service loader} or {@code registerDriver}
 * @param ranking its ranking among factories of the same type
 */
public record FactoryInfo(String name, String version, String origin, int ranking) {

    /** Name, version and origin for a log line. */
    @Override
    public String toString() {
        return name + (version.isEmpty() ? "" : " " + version) + " (" + origin + ")";
    }
}
