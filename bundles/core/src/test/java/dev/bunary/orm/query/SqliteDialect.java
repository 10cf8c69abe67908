package dev.bunary.orm.query;

import dev.bunary.orm.driver.Dialect;
import java.util.Optional;

/** How SQLite must be written to: backticks, as it reads an unknown name in double quotes as text. */
final class SqliteDialect implements Dialect {
    @Override
    public String quote(String identifier) {
        return '`' + identifier.replace("`", "``") + '`';
    }

    @Override
    public String limitOffset(boolean limit, boolean offset) {
        return offset && !limit ? "LIMIT -1 OFFSET :offset" : Dialect.super.limitOffset(limit, offset);
    }

    @Override
    public Optional<String> columnsQuery(String table) {
        return Optional.of("SELECT name FROM pragma_table_info('" + table.replace("'", "''") + "') ORDER BY cid");
    }
}
