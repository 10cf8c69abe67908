package dev.bunary.orm.query;

import dev.bunary.orm.registry.LeaseSource;

/** Query builder. Immutable: every call returns a new builder. */
public final class QueryBuilder {
    private QueryBuilder() {}

    public static QueryBuilder on(LeaseSource source, String table) {
        throw new UnsupportedOperationException();
    }
}
