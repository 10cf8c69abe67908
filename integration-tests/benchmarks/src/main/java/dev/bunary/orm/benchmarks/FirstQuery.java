package dev.bunary.orm.benchmarks;

import dev.bunary.orm.Bunary;
import dev.bunary.orm.Model;
import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.driver.DatabaseConfig;
import java.lang.management.ManagementFactory;
import java.util.Map;

/** An application that runs one query on a database file and tells when it was done. */
final class FirstQuery {
    private FirstQuery() {}

    /** The file. */
    public static void main(String[] args) {
        Bunary.setOrmConfig(OrmConfig.of(DatabaseConfig.of("sqlite", Map.of("path", args[0]))));
        Model.table("users").find(1).orElseThrow();
        tell();
        Bunary.clearOrmConfig();
    }

    /** Prints the time and then, as that takes time of its own, how many classes are loaded. */
    static void tell() {
        long now = System.currentTimeMillis();
        System.out.println(now + " " + ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
    }
}
