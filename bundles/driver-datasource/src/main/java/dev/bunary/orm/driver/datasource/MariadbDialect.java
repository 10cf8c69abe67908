package dev.bunary.orm.driver.datasource;

import dev.bunary.orm.driver.Dialect;
import java.util.Optional;

/** How MariaDB and MySQL write SQL. Identifiers stand in backticks, as double quotes are text unless ANSI_QUOTES is set. */
final class MariadbDialect implements Dialect {

    @Override
    public String quote(String identifier) {
        return '`' + identifier.replace("`", "``") + '`';
    }

    @Override
    public String limitOffset(boolean limit, boolean offset) {
        if (offset && !limit) {
            return "LIMIT 18446744073709551615 OFFSET :offset"; // there is no OFFSET of its own
        }
        return Dialect.super.limitOffset(limit, offset);
    }

    @Override
    public int maxBindings() {
        return 65_535; // the protocol counts them in two bytes
    }

    @Override
    public String insertDefaults(String table) {
        return "INSERT INTO " + table + " () VALUES ()";
    }

    @Override
    public Optional<String> columnsQuery(String table) {
        return Optional.of(CatalogQuery.of(table, CatalogQuery::hexLiteral, "DATABASE()"));
    }
}
