package dev.bunary.orm.query;

/** Query builder. Immutable: every call returns a new builder. */
public final class QueryBuilder {
    private QueryBuilder() {}
}
