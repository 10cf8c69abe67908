package dev.bunary.orm.query;

import dev.bunary.orm.driver.InvalidQueryException;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.driver.RowReader;
import dev.bunary.orm.registry.LeaseSource;
import dev.bunary.orm.sql.Bindable;
import dev.bunary.orm.sql.Identifier;
import dev.bunary.orm.sql.Operator;
import dev.bunary.orm.sql.Order;
import dev.bunary.orm.sql.Predicate;
import dev.bunary.orm.sql.SelectSpec;
import dev.bunary.orm.sql.Selected;
import dev.bunary.orm.sql.StatementShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A query on one table, built step by step. Immutable: every call returns a new builder, so a builder can be kept and
 * shared between threads. Nothing runs before a method that gives rows, a number or changes something.
 *
 * <pre>{@code
 * List<Row> adults = Model.table("users").where("age", ">=", 18).orderBy("name").limit(10).all();
 * }</pre>
 *
 * <p><b>Names</b> of tables and columns are checked and quoted; a dot separates a schema or table from what follows.
 * They have at most 128 code points a part and no control character. Whether there is such a column is for the database
 * to say: an unknown one is a {@link dev.bunary.orm.driver.BadSqlException} that lists the known ones where they are
 * known. <b>Values</b> are always bound, of the types that {@link dev.bunary.orm.driver.Values} lists; bytes are copied.
 *
 * <p><b>Conditions</b> are joined as SQL reads them: AND binds tighter than OR, so {@code where(a).orWhere(b).where(c)}
 * is <i>a OR (b AND c)</i>; {@link #where(UnaryOperator)} sets parentheses.
 *
 * <p>Each operation runs on the connection's current driver, inside the transaction this thread has open on it, if any.
 * During a swap it waits. A query that is wrong in itself is an {@link InvalidQueryException} and never reaches the
 * database. Source: the query builder of {@code @bunary/orm}.
 */
public final class QueryBuilder implements Query<Row> {
    private static final String DEFAULT_KEY = "id";

    private final QueryExecutor executor;
    private final SelectSpec spec;
    private final String key;

    private QueryBuilder(QueryExecutor executor, SelectSpec spec, String key) {
        this.executor = executor;
        this.spec = spec;
        this.key = key;
    }

    /**
     * A builder for all rows of a table. Made by {@code Orm.table} and {@code Model.table}; {@link LeaseSource} is not
     * exported, so nobody else can.
     *
     * @param source the connection
     * @param table the table, not quoted; may hold a schema before a dot
     * @return the builder
     * @throws InvalidQueryException if the name is none
     */
    public static QueryBuilder on(LeaseSource source, String table) {
        return new QueryBuilder(new QueryExecutor(source), SelectSpec.of(Identifier.table(table)), DEFAULT_KEY);
    }

    QueryExecutor executor() {
        return executor;
    }

    SelectSpec spec() {
        return spec;
    }

    private QueryBuilder with(SelectSpec other) {
        return new QueryBuilder(executor, other, key);
    }

    // ---- columns

    /**
     * Names the key that {@link #find} looks for and {@link #insertGetId} gives; {@code id} unless named.
     *
     * @param column the key's column, without a table before it
     * @return a builder with that key
     * @throws InvalidQueryException if the name is none
     */
    public QueryBuilder key(String column) {
        return new QueryBuilder(executor, spec, Identifier.plainColumn(column));
    }

    /**
     * Reads only these columns. A further call replaces the list. Wins over {@link #exclude}.
     *
     * @param columns each a {@code column}, {@code table.column}, {@code column as label}, {@code *} or {@code table.*};
     *     results are keyed by label, which for {@code table.column} is the column
     * @return a builder with that list
     * @throws InvalidQueryException if there is none, a name is none, or two labels are equal
     */
    public QueryBuilder select(String... columns) {
        return with(spec.select(Selected.list(columns)));
    }

    /**
     * Reads all columns but these. A further call adds to them. Where the driver can tell the table's columns they are
     * left out of the statement (the columns are asked once per table and driver; ones added to the table later come
     * after the next swap); otherwise their values are skipped while rows are read, before they are decoded.
     *
     * @param columns columns of the table, exactly as the database spells them
     * @return a builder that leaves them out; running it is an {@link InvalidQueryException} if the table has no such
     *     column, or no other
     * @throws InvalidQueryException if there is none, or a name is none
     */
    public QueryBuilder exclude(String... columns) {
        if (columns.length == 0) {
            throw new InvalidQueryException("exclude names no column; name at least one, or leave it out");
        }
        return with(
                spec.exclude(Arrays.stream(columns).map(Identifier::plainColumn).toList()));
    }

    // ---- conditions

    /**
     * AND the column equals a value.
     *
     * @param column a column, with its table before a dot if need be
     * @param value not null
     * @return a builder with that condition
     * @throws InvalidQueryException if the name is none, the value is null or cannot be bound
     */
    public QueryBuilder where(String column, Object value) {
        return compare(false, column, Operator.EQUAL, value);
    }

    /**
     * AND the column compares with a value.
     *
     * @param column a column, with its table before a dot if need be
     * @param operator one of {@code = != <> > >= < <= like in}, words in any case
     * @param value not null; for {@code in} a collection, as for {@link #whereIn}
     * @return a builder with that condition
     * @throws InvalidQueryException if the name is none, the operator is not known, the value is null or cannot be bound
     */
    public QueryBuilder where(String column, String operator, Object value) {
        return compare(false, column, Operator.of(operator), value);
    }

    /**
     * AND the conditions of a group, in parentheses.
     *
     * @param group is given a builder without conditions and returns it with some; nothing but conditions counts there
     * @return a builder with that group
     * @throws InvalidQueryException if the group has no condition, or has more than conditions
     */
    public QueryBuilder where(UnaryOperator<QueryBuilder> group) {
        return group(false, group);
    }

    /**
     * OR the column equals a value.
     *
     * @param column as for {@link #where(String, Object)}
     * @param value as for {@link #where(String, Object)}
     * @return a builder with that condition
     * @throws InvalidQueryException as for {@link #where(String, Object)}
     */
    public QueryBuilder orWhere(String column, Object value) {
        return compare(true, column, Operator.EQUAL, value);
    }

    /**
     * OR the column compares with a value.
     *
     * @param column as for {@link #where(String, String, Object)}
     * @param operator as for {@link #where(String, String, Object)}
     * @param value as for {@link #where(String, String, Object)}
     * @return a builder with that condition
     * @throws InvalidQueryException as for {@link #where(String, String, Object)}
     */
    public QueryBuilder orWhere(String column, String operator, Object value) {
        return compare(true, column, Operator.of(operator), value);
    }

    /**
     * OR the conditions of a group, in parentheses.
     *
     * @param group as for {@link #where(UnaryOperator)}
     * @return a builder with that group
     * @throws InvalidQueryException as for {@link #where(UnaryOperator)}
     */
    public QueryBuilder orWhere(UnaryOperator<QueryBuilder> group) {
        return group(true, group);
    }

    /**
     * AND the column is SQL NULL.
     *
     * @param column a column, with its table before a dot if need be
     * @return a builder with that condition
     * @throws InvalidQueryException if the name is none
     */
    public QueryBuilder whereNull(String column) {
        return with(spec.where(false, new Predicate.Comparison(Identifier.column(column), Operator.NULL)));
    }

    /**
     * AND the column is not SQL NULL.
     *
     * @param column a column, with its table before a dot if need be
     * @return a builder with that condition
     * @throws InvalidQueryException if the name is none
     */
    public QueryBuilder whereNotNull(String column) {
        return with(spec.where(false, new Predicate.Comparison(Identifier.column(column), Operator.NOT_NULL)));
    }

    /**
     * AND the column is one of some values; of none, no row is.
     *
     * <p>Each value is one binding of the statement. More than the database takes (32,766 in SQLite) are an {@link
     * InvalidQueryException} when the query runs. They are not spread over several statements: these could see different
     * states of the table, and give a row twice where the database holds two of the values for equal.
     *
     * @param column a column, with its table before a dot if need be
     * @param values none of them null; copied
     * @return a builder with that condition
     * @throws InvalidQueryException if the name is none, the collection or a value is null, or a value cannot be bound
     */
    public QueryBuilder whereIn(String column, Collection<?> values) {
        return in(false, column, values);
    }

    /**
     * AND the column is between two values, both included.
     *
     * @param column a column, with its table before a dot if need be
     * @param from the lowest value, not null
     * @param to the highest value, not null
     * @return a builder with that condition
     * @throws InvalidQueryException if the name is none, or a value is null or cannot be bound
     */
    public QueryBuilder whereBetween(String column, Object from, Object to) {
        Predicate between = new Predicate.Comparison(Identifier.column(column), Operator.BETWEEN);
        String open = "whereBetween needs two values; use where with >= or <= for an open end, or whereNull";
        return with(spec.where(false, between, present(column, from, open), present(column, to, open)));
    }

    private QueryBuilder compare(boolean or, String column, Operator operator, Object value) {
        if (operator == Operator.IN) {
            return in(or, column, value);
        }
        Predicate comparison = new Predicate.Comparison(Identifier.column(column), operator);
        return with(spec.where(or, comparison, present(column, value, "use whereNull or whereNotNull")));
    }

    private QueryBuilder in(boolean or, String column, @Nullable Object values) {
        Identifier.column(column);
        if (!(values instanceof Collection<?> collection)) {
            throw new InvalidQueryException("column '" + column + "' is compared by 'in' with "
                    + (values == null ? "null" : "a " + values.getClass().getName())
                    + "; give a collection of values");
        }
        Object[] bindings = collection.toArray();
        for (int i = 0; i < bindings.length; i++) {
            bindings[i] = present(column, bindings[i], "in matches no null; leave it out, and use whereNull for it");
        }
        return with(spec.where(or, new Predicate.Comparison(column, Operator.IN, bindings.length), bindings));
    }

    private QueryBuilder group(boolean or, UnaryOperator<QueryBuilder> group) {
        SelectSpec empty = SelectSpec.of(spec.table());
        QueryBuilder built = group.apply(new QueryBuilder(executor, empty, key));
        if (built == null || built.spec.where().isEmpty()) {
            throw new InvalidQueryException("a group of conditions on table '" + spec.table()
                    + "' has no condition; return the builder with at least one, or leave the group out");
        }
        if (!built.spec.hasOnlyConditions() || !built.spec.table().equals(spec.table())) {
            throw new InvalidQueryException("a group of conditions on table '" + spec.table()
                    + "' holds more than conditions on that table; move the rest out of the group");
        }
        return with(spec.where(or, built.spec.where(), built.spec.bindings()));
    }

    private static Object present(String column, @Nullable Object value, String remedy) {
        Object checked = Bindable.checked(column, value);
        if (checked == null) {
            throw new InvalidQueryException(
                    "column '" + column + "' is compared with null, which no row equals; " + remedy);
        }
        return checked;
    }

    // ---- order and part

    /**
     * Orders by a column, ascending, after the orders already there.
     *
     * @param column a column, with its table before a dot if need be, or a label of the select list
     * @return a builder with that order
     * @throws InvalidQueryException if the name is none
     */
    public QueryBuilder orderBy(String column) {
        return orderBy(column, "asc");
    }

    /**
     * Orders by a column, after the orders already there.
     *
     * @param column a column, with its table before a dot if need be, or a label of the select list
     * @param direction {@code asc} or {@code desc}, in any case
     * @return a builder with that order
     * @throws InvalidQueryException if the name is none, or the direction not known
     */
    public QueryBuilder orderBy(String column, String direction) {
        return with(spec.orderBy(Order.of(column, direction)));
    }

    /**
     * Gives at most so many rows. A further call replaces the number.
     *
     * @param rows the number, not negative; 0 gives none
     * @return a builder with that limit
     * @throws InvalidQueryException if the number is negative
     */
    public QueryBuilder limit(long rows) {
        return with(spec.limit(notNegative("limit", rows)));
    }

    /**
     * Skips so many rows. A further call replaces the number.
     *
     * @param rows the number, not negative
     * @return a builder with that offset
     * @throws InvalidQueryException if the number is negative
     */
    public QueryBuilder offset(long rows) {
        return with(spec.offset(notNegative("offset", rows)));
    }

    private static long notNegative(String what, long rows) {
        if (rows < 0) {
            throw new InvalidQueryException(what + " is a number of rows from 0, but it is " + rows);
        }
        return rows;
    }

    // ---- rows

    @Override
    public Optional<Row> find(Object id) {
        return executor.first(byKey(id));
    }

    /** All conditions together, and the key. */
    SelectSpec byKey(@Nullable Object id) {
        if (id == null) {
            throw new InvalidQueryException("find on table '" + spec.table() + "' needs a value for key '" + key
                    + "', but it is null; use whereNull to find rows without a key");
        }
        return spec.narrow(new Predicate.Comparison(key, Operator.EQUAL), present(key, id, "give a value"));
    }

    @Override
    public Optional<Row> first() {
        return executor.first(spec.one());
    }

    @Override
    public List<Row> all() {
        return executor.all(spec);
    }

    @Override
    public Stream<Row> stream() {
        return executor.stream(spec, Row.reader());
    }

    /**
     * The same query, whose rows are read straight into objects.
     *
     * @param reader looks columns up once per statement, then maps each row by index
     * @param <T> the type of the objects
     * @return a query that is ready to run
     */
    public <T> Query<T> as(RowReader<T> reader) {
        if (reader == null) {
            throw new InvalidQueryException("as(reader) was given null; give a RowReader");
        }
        return new ReadQuery<>(this, reader);
    }

    /**
     * How many rows meet the conditions. Select list, order, limit and offset play no part.
     *
     * @return the number of rows
     */
    public long count() {
        return executor.count(ofRows(StatementShape.Verb.COUNT), spec.bindings());
    }

    /**
     * Whether a row meets the conditions. Select list, order, limit and offset play no part.
     *
     * @return true if there is at least one
     */
    public boolean exists() {
        return executor.exists(ofRows(StatementShape.Verb.EXISTS), spec.bindings());
    }

    // ---- changes

    /**
     * Inserts one row. Conditions, order and the like play no part.
     *
     * @param row column to value, where null is SQL NULL; empty for a row of defaults
     * @return the number of affected rows
     * @throws InvalidQueryException if a name is none, or a value cannot be bound
     * @throws dev.bunary.orm.driver.ConstraintViolationException if a constraint of the table forbids it
     */
    public long insert(Map<String, ? extends @Nullable Object> row) {
        NewValues values = NewValues.of(row);
        return executor.exec(insertOf(values, List.of()), values.values());
    }

    /**
     * Inserts one row and gives its generated key.
     *
     * @param row as for {@link #insert}
     * @return the value of the column named by {@link #key}, of the type the database gives (a {@link Long} in SQLite)
     * @throws InvalidQueryException if a name is none, a value cannot be bound, or the database gives no key, although
     *     the row is there
     * @throws dev.bunary.orm.driver.ConstraintViolationException if a constraint of the table forbids it
     */
    public Object insertGetId(Map<String, ? extends @Nullable Object> row) {
        NewValues values = NewValues.of(row);
        return executor.insertGetId(insertOf(values, List.of(key)), values.values());
    }

    /**
     * Inserts many rows: all of them or, if one is refused, none.
     *
     * @param rows as for {@link #insert}, all with the same keys; empty inserts none
     * @return the number of affected rows
     * @throws InvalidQueryException if the keys differ, a name is none, or a value cannot be bound
     * @throws dev.bunary.orm.driver.ConstraintViolationException if a constraint of the table forbids one of them
     */
    public long insertAll(List<? extends Map<String, ? extends @Nullable Object>> rows) {
        if (rows == null) {
            throw new InvalidQueryException("insertAll was given null; give a list of rows, which may be empty");
        }
        if (rows.isEmpty()) {
            return 0;
        }
        NewValues first = NewValues.of(rows.get(0));
        return executor.execAll(insertOf(first, List.of()), NewValues.ofRows(first, rows));
    }

    private StatementShape ofRows(StatementShape.Verb verb) {
        return new StatementShape.OfRows(verb, spec.table(), spec.where());
    }

    private StatementShape.Insert insertOf(NewValues values, List<String> keys) {
        return new StatementShape.Insert(spec.table(), values.columns(), keys, 1);
    }

    /**
     * Changes the rows that meet the conditions; without conditions, all rows.
     *
     * @param values column to new value, where null is SQL NULL; not empty
     * @return the number of affected rows
     * @throws InvalidQueryException if there is an order, limit or offset, no value, a name is none, or a value cannot be
     *     bound
     * @throws dev.bunary.orm.driver.ConstraintViolationException if a constraint of the table forbids it
     */
    public long update(Map<String, ? extends @Nullable Object> values) {
        checkWholeTable("update");
        NewValues changed = NewValues.of(values);
        if (changed.columns().isEmpty()) {
            throw new InvalidQueryException(
                    "update of table '" + spec.table() + "' has no values; give at least one column and its value");
        }
        return executor.exec(
                new StatementShape.Update(spec.table(), changed.columns(), spec.where()), joined(changed.values()));
    }

    private @Nullable Object[] joined(@Nullable Object[] values) {
        Object[] conditions = spec.bindings();
        Object[] all = Arrays.copyOf(values, values.length + conditions.length);
        System.arraycopy(conditions, 0, all, values.length, conditions.length);
        return all;
    }

    /**
     * Deletes the rows that meet the conditions; without conditions, all rows.
     *
     * @return the number of affected rows
     * @throws InvalidQueryException if there is an order, limit or offset
     * @throws dev.bunary.orm.driver.ConstraintViolationException if a constraint of another table forbids it
     */
    public long delete() {
        checkWholeTable("delete");
        return executor.exec(ofRows(StatementShape.Verb.DELETE), spec.bindings());
    }

    private void checkWholeTable(String change) {
        if (!spec.hasWholeResult()) {
            throw new InvalidQueryException(change + " on table '" + spec.table()
                    + "' has an order, limit or offset, which not every database can; select the keys first, then "
                    + change + " with whereIn");
        }
    }

    // ---- text

    /**
     * The SQL text and bindings that {@link #all} would run. The text is the current driver's: like an operation it opens
     * the driver if need be, waits during a swap, and with {@link #exclude} may ask the database for the table's columns.
     *
     * @return text and bindings
     */
    public Sql toSql() {
        return executor.sql(spec);
    }

    /**
     * A statement's text and what is bound to it.
     *
     * @param text SQL with {@code ?} for each binding
     * @param bindings the values in order, limit and offset included; unmodifiable
     */
    public record Sql(String text, List<@Nullable Object> bindings) {

        /** Copies the bindings. */
        public Sql {
            bindings = Collections.unmodifiableList(new ArrayList<>(bindings)); // List.copyOf refuses null
        }

        static Sql of(String text, @Nullable Object[] bindings) {
            var copies = new ArrayList<@Nullable Object>(bindings.length);
            for (Object binding : bindings) {
                copies.add(binding instanceof byte[] bytes ? bytes.clone() : binding);
            }
            return new Sql(text, copies);
        }

        /** The text and how many bindings there are; not which, as they may be secret. */
        @Override
        public String toString() {
            return text + " [" + bindings.size() + " bindings]";
        }
    }

    /** The table; not the values. */
    @Override
    public String toString() {
        return "QueryBuilder[" + spec.table() + "]";
    }
}
