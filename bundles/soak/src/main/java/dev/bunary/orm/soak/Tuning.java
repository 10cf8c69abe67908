package dev.bunary.orm.soak;

import dev.bunary.orm.Orm;
import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import java.util.HashMap;
import java.util.Map;

/** Changes how the default connection is tuned while it is in use. */
public final class Tuning {
    private static final String CONNECTION = OrmConfig.DEFAULT_CONNECTION;

    private Tuning() {}

    /**
     * Changes properties, and queries by a handle that was taken before.
     *
     * @param orm the Orm to configure
     * @param properties what to change, such as SQLite's {@code busyTimeout}; the rest stays
     * @throws dev.bunary.orm.driver.OrmException if the handle does not follow
     */
    public static void apply(Orm orm, Map<String, String> properties) {
        DatabaseDriver taken = orm.getDriver();
        OrmConfig config = orm.config();
        DatabaseConfig before = config.connections().get(CONNECTION);
        var all = new HashMap<>(before.properties());
        all.putAll(properties);
        orm.configure(config.with(CONNECTION, DatabaseConfig.of(before.type(), all)));
        taken.query("SELECT 1").get();
    }
}
