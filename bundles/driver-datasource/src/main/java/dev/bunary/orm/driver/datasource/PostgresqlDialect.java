package dev.bunary.orm.driver.datasource;

import dev.bunary.orm.driver.Dialect;
import java.util.Optional;

/** How PostgreSQL writes SQL. */
final class PostgresqlDialect implements Dialect {

    @Override
    public int maxBindings() {
        return 65_535; // the protocol counts them in two bytes
    }

    @Override
    public Optional<String> columnsQuery(String table) {
        return Optional.of(CatalogQuery.of(table, CatalogQuery::escapedLiteral, "current_schema()"));
    }
}
