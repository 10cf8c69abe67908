package dev.bunary.orm.soak;

import dev.bunary.orm.Orm;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.query.QueryBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Reads a SQLite database that the user brings: finds a table and its key, then finds, lists, counts and streams. */
public final class Browse {
    private static final int PAGE = 5;
    private static final int STREAMED = 10_000;
    private static final int SHOWN_CHARACTERS = 200;

    private final Orm orm;
    private final Consumer<String> out;

    /**
     * A run of reads.
     *
     * @param orm an Orm whose default connection is a SQLite database; only read
     * @param out takes lines for a person
     */
    public Browse(Orm orm, Consumer<String> out) {
        this.orm = orm;
        this.out = out;
    }

    /**
     * Reads, swaps and reads the same row again.
     *
     * @param swaps what to do between, by name, in order
     * @return whether the same row was read before and after each swap
     * @throws IllegalStateException if there is no table
     */
    public boolean run(Map<String, Runnable> swaps) {
        Table table = choose();
        QueryBuilder rows = orm.table(table.name()).key(table.key());
        out.accept("Table " + table.name() + ", key " + table.key());
        out.accept("  count: %,d".formatted(rows.count()));
        List<Row> page = rows.orderBy(table.key()).limit(PAGE).all();
        out.accept("  first page, " + page.size() + " rows:");
        page.forEach(row -> out.accept("     " + shown(row)));
        out.accept("  streamed: %,d rows, at most %,d".formatted(streamed(rows), STREAMED));
        return keyOfFirst(rows, table).map(key -> sameAfter(swaps, rows, key)).orElse(true);
    }

    private boolean sameAfter(Map<String, Runnable> swaps, QueryBuilder rows, Object key) {
        Row before = rows.find(key).orElseThrow();
        out.accept("  find(" + key + "): " + shown(before));
        boolean same = true;
        for (var swap : swaps.entrySet()) {
            long generation = generation();
            swap.getValue().run();
            boolean equal = rows.find(key).filter(before::equals).isPresent();
            out.accept("  %s: generation %d -> %d, find(%s) gives %s"
                    .formatted(swap.getKey(), generation, generation(), key, equal ? "the same row" : "ANOTHER ROW"));
            same &= equal && generation() > generation;
        }
        return same;
    }

    private static long streamed(QueryBuilder rows) {
        try (Stream<Row> stream = rows.limit(STREAMED).stream()) {
            return stream.count();
        }
    }

    private Optional<Object> keyOfFirst(QueryBuilder rows, Table table) {
        return rows.select(table.key())
                .whereNotNull(table.key())
                .orderBy(table.key())
                .first()
                .flatMap(row -> row.optional(0, Object.class));
    }

    private long generation() {
        return orm.drivers().get(0).generation();
    }

    /** The first table that has rows and a key of one column; without one, the first that at least has such a key. */
    private Table choose() {
        List<Table> tables = tables();
        out.accept(
                "Tables: " + String.join(", ", tables.stream().map(Table::name).toList()));
        List<Table> keyed =
                tables.stream().filter(table -> !table.key().isEmpty()).toList();
        return keyed.stream()
                .filter(table -> orm.table(table.name()).exists())
                .findFirst()
                .or(() -> keyed.stream().findFirst())
                .orElseThrow(() -> new IllegalStateException("the database has "
                        + (tables.isEmpty() ? "no table" : "no table with a key of one column")
                        + "; bring a SQLite file with at least one such table"));
    }

    private List<Table> tables() {
        // pragma_ functions are plain reads, so they run on a database that is open for reading only
        return orm.getDriver().query("""
                        SELECT t.name, t.wr AS without_rowid,
                          (SELECT count(*) FROM pragma_table_info(t.name) c WHERE c.pk > 0) AS keys,
                          (SELECT min(c.name) FROM pragma_table_info(t.name) c WHERE c.pk > 0) AS key_column
                        FROM pragma_table_list t
                        WHERE t.schema = 'main' AND t.type = 'table'
                          AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND instr(t.name, '.') = 0
                        ORDER BY t.name""").all().stream().map(Browse::table).toList();
    }

    /** A key of one column, else the row id that SQLite gives most tables, else none. */
    private static Table table(Row row) {
        boolean oneKey = row.getLong("keys") == 1;
        String implied = row.getBoolean("without_rowid") ? "" : "rowid";
        return new Table(row.getString("name"), oneKey ? row.getString("key_column") : implied);
    }

    private static String shown(Row row) {
        var text = new StringBuilder();
        row.toMap()
                .forEach((column, value) -> text.append(text.isEmpty() ? "" : ", ")
                        .append(column)
                        .append('=')
                        .append(value instanceof byte[] bytes ? bytes.length + " bytes" : value));
        return text.length() <= SHOWN_CHARACTERS ? text.toString() : text.substring(0, SHOWN_CHARACTERS) + "…";
    }

    private record Table(String name, String key) {}
}
