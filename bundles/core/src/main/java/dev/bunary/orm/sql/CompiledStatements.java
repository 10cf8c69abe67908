package dev.bunary.orm.sql;

import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.Dialect;
import dev.bunary.orm.driver.InvalidQueryException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one driver generation: SQL text by shape, and the columns of its tables. Bounded, dropped with the
 * generation, safe for use by many threads.
 */
public final class CompiledStatements {
    /*
     * A program has a few hundred shapes. One that makes shapes out of its input would fill the memory, so a full map
     * starts anew, and a long text (a long IN list, mostly) is compiled each time, which costs less than binding it.
     */
    private static final int MOST_KEPT = 1_000;
    private static final int LONGEST_KEPT = 4_096;

    /** With more rows in one insert, its text grows, but the time per row does not shrink any more. */
    private static final int ROWS = 10;

    private final Dialect dialect;
    private final int maxBindings;
    private final LimitClause limit;
    private final LimitClause offset;
    private final LimitClause limitAndOffset;
    private final Map<StatementShape, String> texts = new ConcurrentHashMap<>();
    private final Map<String, List<String>> columns = new ConcurrentHashMap<>();

    /** Keeps the driver's dialect, not the driver, which may be a transaction's. */
    public CompiledStatements(DatabaseDriver driver) {
        this.dialect = driver.dialect();
        this.maxBindings = dialect.maxBindings();
        this.limit = LimitClause.of(dialect, true, false);
        this.offset = LimitClause.of(dialect, false, true);
        this.limitAndOffset = LimitClause.of(dialect, true, true);
    }

    /** The SQL text of a statement. */
    public String text(StatementShape shape) {
        String text = texts.get(shape);
        return text == null ? compile(shape) : text;
    }

    private String compile(StatementShape shape) {
        String text = SqlCompiler.compile(shape, dialect);
        if (text.length() <= LONGEST_KEPT) {
            makeRoom(texts);
            texts.put(shape, text);
        }
        return text;
    }

    /**
     * The bindings of a select, its limit and offset included.
     *
     * @throws InvalidQueryException if there are more than the database takes
     */
    public @Nullable Object[] bindings(SelectSpec spec) {
        StatementShape.Select shape = spec.shape();
        if (shape.limit()) {
            LimitClause clause = shape.offset() ? limitAndOffset : limit;
            return checked(shape, clause.append(spec.bindings(), spec.limit(), spec.offset()));
        }
        return checked(shape, shape.offset() ? offset.append(spec.bindings(), 0, spec.offset()) : spec.bindings());
    }

    /** The bindings of {@link StatementShape.Verb#EXISTS}. */
    public @Nullable Object[] existsBindings(StatementShape shape, @Nullable Object[] bindings) {
        return checked(shape, limit.append(bindings, 1, 0));
    }

    /**
     * Checks that the database takes so many bindings.
     *
     * @return the bindings
     * @throws InvalidQueryException if there are more than it takes
     */
    public @Nullable Object[] checked(StatementShape shape, @Nullable Object[] bindings) {
        if (bindings.length > maxBindings) {
            throw new InvalidQueryException("a statement on table '" + shape.table() + "' has " + bindings.length
                    + " bindings, but this database takes " + maxBindings
                    + "; run it for parts of the values, or insert them into a table and compare with that");
        }
        return bindings;
    }

    /**
     * The columns of a table, asked once.
     *
     * @param driver asked if they are not known yet
     * @return the names in order; empty if the driver cannot tell
     */
    public List<String> columns(String table, DatabaseDriver driver) {
        List<String> known = columns.get(table);
        return known == null ? askColumns(table, driver) : known;
    }

    /** The columns of a table, asked now: the answer from before may be older than the table. */
    public List<String> askColumns(String table, DatabaseDriver driver) {
        List<String> names = driver.columns(table);
        if (!names.isEmpty()) { // an unknown table may exist by the next call
            makeRoom(columns);
            columns.put(table, names);
        }
        return names;
    }

    /** The insert of so many rows by one statement as the database takes and as is worth it, 1 at least. */
    public StatementShape.Insert ofManyRows(StatementShape.Insert insert) {
        int columns = insert.assigned().size();
        boolean possible = columns > 0 && dialect.insertsManyRows();
        return possible ? insert.ofRows(Math.max(1, Math.min(ROWS, maxBindings / columns))) : insert;
    }

    private static void makeRoom(Map<?, ?> map) {
        if (map.size() >= MOST_KEPT) {
            map.clear();
        }
    }
}
