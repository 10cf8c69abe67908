package dev.bunary.orm;

import dev.bunary.orm.query.QueryBuilder;

/** The short way to a table of the default connection: {@code Model.table("users").find(1)}. */
public final class Model {
    private Model() {}

    /**
     * A query builder for a table of the default connection of {@link Bunary}'s {@link Orm}.
     *
     * @param table the table, not quoted; may hold a schema before a dot
     * @return a builder for all its rows
     * @throws dev.bunary.orm.driver.ConfigurationException if {@link Bunary#setOrmConfig} was not called
     * @throws dev.bunary.orm.driver.InvalidQueryException if the name is not an identifier
     */
    public static QueryBuilder table(String table) {
        return Bunary.orm().table(table);
    }
}
