package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseConfig;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Tells whether two configurations lead to the same database. */
final class ConfigDifference {
    private ConfigDifference() {}

    /**
     * Names what leads to another database; never shows a value.
     *
     * @param tuning the properties that do not
     * @return such as {@code property 'path' changed}, or null if it is the same database
     */
    static @Nullable String ofIdentity(DatabaseConfig before, DatabaseConfig after, Set<String> tuning) {
        if (!before.type().equals(after.type())) {
            return "its type is '" + after.type() + "' instead of '" + before.type() + "'";
        }
        var names = new TreeSet<>(before.properties().keySet());
        names.addAll(after.properties().keySet());
        names.removeAll(tuning);
        names.removeIf(name -> before.find(name).equals(after.find(name)));
        return names.isEmpty() ? null : "property '" + names.first() + "' changed";
    }
}
