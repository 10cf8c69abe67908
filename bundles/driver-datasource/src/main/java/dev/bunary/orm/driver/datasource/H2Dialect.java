package dev.bunary.orm.driver.datasource;

import dev.bunary.orm.driver.Dialect;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How H2 writes SQL: the standard's way, with generated keys from the table an INSERT leaves behind. */
final class H2Dialect implements Dialect {

    @Override
    public int maxBindings() {
        return 100_000;
    }

    @Override
    public String returning(String insert, List<String> keys) {
        String columns = keys.stream().map(this::quote).collect(Collectors.joining(", "));
        return "SELECT " + columns + " FROM FINAL TABLE (" + insert + ")";
    }

    @Override
    public Optional<String> columnsQuery(String table) {
        return Optional.of(CatalogQuery.of(table, CatalogQuery::literal, "CURRENT_SCHEMA"));
    }
}
