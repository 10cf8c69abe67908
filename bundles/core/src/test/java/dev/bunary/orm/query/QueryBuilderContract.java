package dev.bunary.orm.query;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.InvalidQueryException;
import dev.bunary.orm.driver.NotNullViolationException;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.driver.RowReader;
import dev.bunary.orm.driver.UniqueViolationException;
import dev.bunary.orm.driver.UnknownColumnException;
import dev.bunary.orm.registry.Lease;
import dev.bunary.orm.registry.LeaseSource;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the query builder does on every driver of a SQLite database, be it of four methods. {@link
 * StrictQueryBuilderContract} adds what takes a dialect written for SQLite.
 */
public abstract class QueryBuilderContract {
    /** The connection under test. */
    protected LeaseSource source;

    /** For the test class of a driver. */
    protected QueryBuilderContract() {}

    /** A lease source of an empty database; whoever gives it closes it after the test. */
    protected abstract LeaseSource freshDatabase();

    @BeforeEach
    final void createUsers() {
        source = freshDatabase();
        exec("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT UNIQUE, age INTEGER)");
        exec("CREATE TABLE facts (id INTEGER PRIMARY KEY, v)");
        exec("CREATE TABLE strict_facts (id INTEGER PRIMARY KEY, v TEXT NOT NULL, d TEXT DEFAULT 'unset')");
        insertUser(1, "Ada", "ada@example.org", 36);
        insertUser(2, "Bob", "bob@example.org", 17);
        insertUser(3, "Cy", null, 52);
        insertUser(4, "Dee", "dee@example.org", 17);
        insertUser(5, null, "eve@example.org", null);
    }

    private void insertUser(long id, @Nullable String name, @Nullable String email, @Nullable Integer age) {
        exec("INSERT INTO users (id, name, email, age) VALUES (?, ?, ?, ?)", id, name, email, age);
    }

    /** Runs a statement beside the builder. */
    protected final long exec(String sql, @Nullable Object... params) {
        return onDriver(driver -> driver.exec(sql, params));
    }

    /** Runs a query beside the builder. */
    protected final List<Row> rows(String sql, @Nullable Object... params) {
        return onDriver(driver -> driver.query(sql, params).all());
    }

    private <R> R onDriver(Function<DatabaseDriver, R> work) {
        Lease lease = source.acquire();
        try {
            return work.apply(lease.driver());
        } finally {
            lease.release();
        }
    }

    /** The builder under test. */
    protected final QueryBuilder users() {
        return QueryBuilder.on(source, "users");
    }

    private QueryBuilder facts() {
        return QueryBuilder.on(source, "facts");
    }

    /** The ids of a query's rows. */
    protected static List<Long> ids(QueryBuilder query) {
        return query.all().stream().map(row -> row.getLong("id")).toList();
    }

    /** Asserts that a query is refused as wrong in itself, with a message that has these parts. */
    protected static void assertInvalid(Callable<?> query, String... parts) {
        var refused = assertThrows(InvalidQueryException.class, query::call);
        for (String part : parts) {
            assertTrue(refused.getMessage().contains(part), () -> "'" + part + "' is not in: " + refused.getMessage());
        }
    }

    // ---- find, first, all

    @Test
    void find_existingKey_givesTheRow() {
        Row row = users().find(1).orElseThrow();

        assertEquals(List.of("id", "name", "email", "age"), row.columns().labels());
        assertEquals("Ada", row.getString("name"));
        assertEquals(36, row.getInt("age"));
    }

    @Test
    void find_missingKey_isEmpty() {
        assertEquals(Optional.empty(), users().find(99));
    }

    @Test
    void find_null_isInvalidAndNamesTheKey() {
        assertInvalid(() -> users().find(null), "find", "'users'", "'id'", "null");
    }

    @Test
    void find_afterConditions_addsTheKeyToThem() {
        assertTrue(users().where("age", ">", 18).find(1).isPresent());
        assertTrue(users().where("age", ">", 40).find(1).isEmpty());
    }

    @Test
    void find_afterOrWhere_isNarrowedByTheKey() {
        QueryBuilder query = users().where("name", "Ada").orWhere("name", "Bob");

        assertEquals("Bob", query.find(2).orElseThrow().getString("name"));
        assertTrue(query.find(3).isEmpty());
        assertTrue(query.find(1).isPresent());
    }

    @Test
    void find_withAnotherKey_looksThere() {
        assertEquals(
                2, users().key("email").find("bob@example.org").orElseThrow().getLong("id"));
    }

    @Test
    void find_afterLimitZero_isEmpty() {
        assertTrue(users().limit(0).find(1).isEmpty());
    }

    @Test
    void first_withOrder_givesTheFirstAndLeavesTheBuilderAsItWas() {
        QueryBuilder query = users().orderBy("id", "desc");

        assertEquals(5, query.first().orElseThrow().getLong("id"));
        assertEquals(5, query.all().size());
    }

    @Test
    void first_ofNoRows_isEmpty() {
        assertTrue(users().where("id", 99).first().isEmpty());
        assertTrue(users().limit(0).first().isEmpty());
    }

    @Test
    void first_withLimitAndOffset_keepsTheOffset() {
        assertEquals(
                3,
                users().orderBy("id").limit(10).offset(2).first().orElseThrow().getLong("id"));
    }

    @Test
    void all_withoutConditions_givesAllRows() {
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), ids(users().orderBy("id")));
    }

    // ---- columns

    @Test
    void select_columns_givesTheseInTheirOrder() {
        Row row = users().select("age", "id").find(1).orElseThrow();

        assertEquals(List.of("age", "id"), row.columns().labels());
    }

    @ParameterizedTest
    @CsvSource({
        "name, name",
        "users.name, name",
        "main.users.name, name",
        "name as who, who",
        "name AS who, who",
        "users.name as who, who",
        "name as as, as",
        "name as e-mail \"x\" `y`; --, e-mail \"x\" `y`; --",
    })
    void select_entry_isKeyedByItsLabel(String entry, String label) {
        Row row = users().select(entry).find(1).orElseThrow();

        assertEquals(List.of(label), row.columns().labels());
        assertEquals("Ada", row.getString(label));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "users.*"})
    void select_star_givesAllColumns(String star) {
        assertEquals(
                List.of("id", "name", "email", "age"),
                users().select(star).find(1).orElseThrow().columns().labels());
    }

    @Test
    void select_twice_replacesTheList() {
        assertEquals(
                List.of("name"),
                users().select("id")
                        .select("name")
                        .find(1)
                        .orElseThrow()
                        .columns()
                        .labels());
    }

    @Test
    void select_equalLabels_isInvalid() {
        assertInvalid(() -> users().select("id", "id"), "'id'", "alias");
        assertInvalid(() -> users().select("id", "name as id"), "'id'", "alias");
        assertInvalid(() -> users().select("name", "users.name"), "'name'", "alias");
        assertInvalid(() -> users().select("*", "name").all(), "'name'", "alias");
    }

    @Test
    void select_ofNothing_isInvalid() {
        assertInvalid(() -> users().select(), "select", "at least one");
    }

    @Test
    void row_unknownLabel_listsTheLabels() {
        Row row = users().select("id", "name").find(1).orElseThrow();

        var unknown = assertThrows(UnknownColumnException.class, () -> row.getString("email"));
        assertTrue(unknown.getMessage().contains("id, name"), unknown::getMessage);
    }

    @Test
    void exclude_columns_leavesThemOut() {
        assertEquals(
                List.of("id", "name"),
                users().exclude("email", "age").find(1).orElseThrow().columns().labels());
        assertEquals(
                List.of("id", "name"),
                users().exclude("email").exclude("age").all().get(0).columns().labels());
        try (Stream<Row> rows = users().exclude("email").stream()) {
            assertEquals(
                    List.of("id", "name", "age"),
                    rows.findFirst().orElseThrow().columns().labels());
        }
    }

    @Test
    void exclude_withReader_readerSeesOnlyTheRest() {
        RowReader<String> labels = columns ->
                row -> columns + " " + row.getLong(0) + " " + row.get(1, Integer.class) + " " + row.isNull(1);

        assertEquals(
                "[id, age] 1 36 false",
                users().exclude("name", "email").as(labels).find(1).orElseThrow());
    }

    @Test
    void exclude_unknownColumn_isInvalidAndListsTheKnown() {
        assertInvalid(
                () -> users().exclude("emial").first(),
                "column 'emial' is not in table 'users'; known columns: id, name, email, age");
    }

    @Test
    void exclude_everyColumn_isInvalid() {
        assertInvalid(() -> users().exclude("id", "name", "email", "age").all(), "no column", "'users'");
    }

    @Test
    void exclude_ofNothing_isInvalid() {
        assertInvalid(() -> users().exclude(), "exclude", "at least one");
    }

    @Test
    void exclude_withSelect_selectWins() {
        assertEquals(
                List.of("id", "email"),
                users().exclude("email")
                        .select("id", "email")
                        .find(1)
                        .orElseThrow()
                        .columns()
                        .labels());
    }

    // ---- conditions

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "=    | 17 | 2 4",
                "!=   | 17 | 1 3",
                "<>   | 17 | 1 3",
                ">    | 36 | 3",
                ">=   | 36 | 1 3",
                "<    | 36 | 2 4",
                "<=   | 36 | 1 2 4",
                "like | 1% | 2 4",
                "LIKE | 3% | 1",
            })
    void where_operator_comparesWithTheValue(String operator, String value, String expected) {
        Object bound = operator.equalsIgnoreCase("like") ? value : (Object) Integer.valueOf(value);

        assertEquals(expected, joined(users().where("age", operator, bound).orderBy("id")));
        assertEquals(
                expected,
                joined(users().where("id", 99).orWhere("age", operator, bound).orderBy("id")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"in", "IN", "In"})
    void where_in_takesACollection(String in) {
        assertEquals("1 3", joined(users().where("id", in, List.of(1, 3)).orderBy("id")));
        assertInvalid(() -> users().where("id", in, "1, 3"), "'id'", "java.lang.String", "collection");
        assertInvalid(() -> users().where("id", in, null), "'id'", "null", "collection");
    }

    @ParameterizedTest
    @ValueSource(strings = {"==", "", " = ", "is", "or 1=1 --", "between", "IN (1) OR id IN"})
    void where_unknownOperator_isInvalidAndListsTheKnown(String operator) {
        assertInvalid(
                () -> users().where("id", operator, 1), "operator '" + operator + "'", "= != <> > >= < <= like in");
        assertInvalid(() -> users().orWhere("id", operator, 1), "operator '" + operator + "'");
    }

    @Test
    void where_nullOperator_isInvalid() {
        assertInvalid(() -> users().where("id", null, 1), "operator null");
    }

    @Test
    void where_null_isInvalidAndSaysUseWhereNull() {
        assertInvalid(() -> users().where("email", null), "'email'", "null", "whereNull");
        assertInvalid(() -> users().orWhere("email", null), "whereNull");
        for (String operator : List.of("=", "!=", "<", "like")) {
            assertInvalid(() -> users().where("email", operator, null), "'email'", "whereNull");
            assertInvalid(() -> users().orWhere("email", operator, null), "'email'", "whereNull");
        }
    }

    @Test
    void where_hostileValue_isBoundAndMatchesNothing() {
        assertEquals(0, users().where("name", "x' OR '1'='1").count());
        assertEquals(5, users().count());
    }

    @Test
    void whereNull_findsRowsWithout() {
        assertEquals("3", joined(users().whereNull("email")));
        assertEquals("1 2 4 5", joined(users().whereNotNull("email").orderBy("id")));
    }

    @Test
    void whereIn_values_findsThese() {
        assertEquals("2 5", joined(users().whereIn("id", List.of(5, 2, 99)).orderBy("id")));
    }

    @Test
    void whereIn_empty_matchesNoRow() {
        assertEquals(List.of(), users().whereIn("id", List.of()).all());
        assertEquals(0, users().whereIn("id", List.of()).delete());
        assertEquals("1", joined(users().whereIn("id", List.of()).orWhere("id", 1)));
    }

    @Test
    void whereIn_nullOrNullInside_isInvalid() {
        assertInvalid(() -> users().whereIn("id", null), "'id'", "null");
        assertInvalid(() -> users().whereIn("id", Arrays.asList(1, null)), "'id'", "null", "whereNull");
    }

    @Test
    void whereIn_laterChangeOfTheCollection_changesNothing() {
        var values = new ArrayList<>(List.of(1, 2));
        QueryBuilder query = users().whereIn("id", values).orderBy("id");
        values.add(3);

        assertEquals("1 2", joined(query));
    }

    @Test
    void whereIn_tenThousandValues_findsThem() {
        List<Long> many = LongStream.rangeClosed(1, 10_000).boxed().toList();

        assertEquals("1 2 3 4 5", joined(users().whereIn("id", many).orderBy("id")));
        assertEquals(5, users().whereIn("id", many).count());
        assertEquals(5, users().whereIn("id", many).update(Map.of("age", 1)));
    }

    @Test
    void whereIn_moreThanTheDatabaseTakes_isInvalidAndSaysHowManyItTakes() {
        List<Long> many = LongStream.rangeClosed(1, 100_000).boxed().toList();
        QueryBuilder query = users().whereIn("id", many);
        String[] parts = {"'users'", " 10000", "32766"};

        assertInvalid(query::all, parts);
        assertInvalid(query::count, parts);
        assertInvalid(query::exists, parts);
        assertInvalid(query::delete, parts);
        assertInvalid(() -> query.update(Map.of("age", 1)));
        assertInvalid(query::stream, parts);
        assertInvalid(query::toSql, parts);
        assertEquals(5, users().count());
    }

    @Test
    void whereBetween_includesBothEnds() {
        assertEquals("1 2 4", joined(users().whereBetween("age", 17, 36).orderBy("id")));
    }

    @Test
    void whereBetween_null_isInvalid() {
        assertInvalid(() -> users().whereBetween("age", null, 3), "'age'", "null", "whereBetween");
        assertInvalid(() -> users().whereBetween("age", 3, null), "'age'", "null", "whereBetween");
    }

    @Test
    void orWhere_afterWhere_bindsLessTight() {
        assertEquals(
                "1 2 4",
                joined(users().where("name", "Ada")
                        .orWhere("age", 17)
                        .where("id", ">", 1)
                        .orderBy("id")));
    }

    @Test
    void orWhere_asFirstCondition_isACondition() {
        assertEquals("2", joined(users().orWhere("name", "Bob")));
    }

    @Test
    void where_group_isInParentheses() {
        QueryBuilder grouped = users().where("age", 17)
                .where(q -> q.where("name", "Bob")
                        .orWhere(p -> p.where("name", "Dee").where("id", ">", 100)));

        assertEquals("2", joined(grouped));
        assertEquals(
                "1 2",
                joined(users().where("id", 1)
                        .orWhere(q -> q.where("age", 17).where("id", "<", 4))
                        .orderBy("id")));
    }

    @Test
    void where_groupWithoutCondition_isInvalid() {
        assertInvalid(() -> users().where(q -> q), "'users'", "no condition");
        assertInvalid(() -> users().orWhere(q -> null), "'users'", "no condition");
    }

    @Test
    void where_groupWithMoreThanConditions_isInvalid() {
        List<UnaryOperator<QueryBuilder>> more = List.of(
                q -> q.where("id", 1).limit(1),
                q -> q.where("id", 1).offset(1),
                q -> q.where("id", 1).orderBy("id"),
                q -> q.where("id", 1).select("id"),
                q -> q.where("id", 1).exclude("id"),
                q -> facts().where("id", 1));
        more.forEach(group -> assertInvalid(() -> users().where(group), "group", "'users'"));
    }

    // ---- order, limit, offset

    @Test
    void orderBy_again_appends() {
        assertEquals(
                "3 1 2 4",
                joined(users().whereNotNull("age").orderBy("age", "DESC").orderBy("id", "asc")));
        assertEquals(
                "3 1 4 2",
                joined(users().whereNotNull("age").orderBy("age", "Desc").orderBy("id", "desc")));
    }

    @Test
    void orderBy_label_ordersByIt() {
        assertEquals(
                List.of("Dee", "Cy", "Bob", "Ada"),
                users().whereNotNull("name").select("name as who").orderBy("who", "desc").all().stream()
                        .map(row -> row.getString("who"))
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "up", "asc; drop table users", " asc"})
    void orderBy_unknownDirection_isInvalid(String direction) {
        assertInvalid(() -> users().orderBy("id", direction), "direction '" + direction + "'", "asc or desc");
    }

    @Test
    void orderBy_nullDirection_isInvalid() {
        assertInvalid(() -> users().orderBy("id", null), "direction null");
    }

    @Test
    void limitAndOffset_giveAPart() {
        QueryBuilder ordered = users().orderBy("id");

        assertEquals("1 2", joined(ordered.limit(2)));
        assertEquals("2 3", joined(ordered.limit(2).offset(1)));
        assertEquals("2 3", joined(ordered.offset(1).limit(2)));
        assertEquals("1", joined(ordered.limit(4).limit(1)));
        assertEquals("", joined(ordered.limit(0)));
        assertEquals("", joined(ordered.limit(2).offset(5)));
    }

    @Test
    void limitAndOffset_negative_areInvalid() {
        assertInvalid(() -> users().limit(-1), "limit", "-1");
        assertInvalid(() -> users().offset(-7), "offset", "-7");
    }

    // ---- count, exists

    @Test
    void count_ignoresSelectOrderLimitAndOffset() {
        assertEquals(
                2,
                users().where("age", 17)
                        .select("name")
                        .orderBy("id")
                        .limit(1)
                        .offset(5)
                        .count());
        assertEquals(5, users().exclude("email").limit(0).count());
        assertEquals(0, users().where("id", 99).count());
    }

    @Test
    void exists_tellsWhetherARowMeetsTheConditions() {
        assertTrue(users().where("age", 17).exists());
        assertTrue(users().limit(0).exists());
        assertFalse(users().where("age", 18).exists());
    }

    // ---- readers and streams

    record User(long id, String name) {}

    private static final RowReader<User> READER = columns -> {
        int id = columns.index("id");
        int name = columns.index("name");
        return row -> new User(row.getLong(id), row.optional(name, String.class).orElse("nobody"));
    };

    @Test
    void as_reader_readsEveryKindOfResult() {
        Query<User> query = users().orderBy("id").as(READER);

        assertEquals(new User(1, "Ada"), query.find(1).orElseThrow());
        assertEquals(new User(1, "Ada"), query.first().orElseThrow());
        assertEquals(
                List.of(1L, 2L, 3L, 4L, 5L), query.all().stream().map(User::id).toList());
        try (Stream<User> stream = query.stream()) {
            assertEquals("nobody", stream.reduce((a, b) -> b).orElseThrow().name());
        }
        assertTrue(query.find(99).isEmpty());
        assertInvalid(() -> query.find(null), "find");
    }

    @Test
    void as_readerThatQueries_runsInside() {
        Query<Long> query = users().orderBy("id")
                .as(columns -> row -> users().where("id", row.getLong(0)).count());

        assertEquals(List.of(1L, 1L, 1L, 1L, 1L), query.all());
    }

    @Test
    void as_null_isInvalid() {
        assertInvalid(() -> users().as(null), "reader");
    }

    @Test
    void stream_body_mayQueryAgain() {
        try (Stream<Row> stream = users().orderBy("id").stream()) {
            assertEquals(
                    List.of("Ada", "Bob"),
                    stream.limit(2)
                            .map(row -> users().find(row.getLong("id"))
                                    .orElseThrow()
                                    .getString("name"))
                            .toList());
        }
    }

    @Test
    void stream_count_readsToTheEnd() {
        assertEquals(5, users().stream().count());
    }

    @Test
    void stream_parallel_givesAllRows() {
        try (Stream<Row> stream = users().stream().parallel()) {
            assertEquals(15, stream.mapToLong(row -> row.getLong("id")).sum());
        }
    }

    // ---- insert

    @Test
    void insert_row_givesTheAffectedCount() {
        assertEquals(1, users().insert(ordered("id", 10, "name", "Flo", "email", null)));
        assertEquals("Flo", users().find(10).orElseThrow().getString("name"));
        assertTrue(users().find(10).orElseThrow().isNull("email"));
    }

    @Test
    void insert_empty_isARowOfDefaults() {
        exec("CREATE TABLE defaults (id INTEGER PRIMARY KEY, d TEXT DEFAULT 'unset')");
        QueryBuilder defaults = QueryBuilder.on(source, "defaults");

        assertEquals(1, defaults.insert(Map.of()));
        assertEquals(2, id(defaults.insertGetId(Map.of())));
        assertEquals(2, defaults.insertAll(List.of(Map.of(), Map.of())));
        assertEquals(4, defaults.where("d", "unset").count());
    }

    @Test
    void insert_refused_isTypedAndNamesTheConnection() {
        var unique =
                assertThrows(UniqueViolationException.class, () -> users().insert(Map.of("email", "ada@example.org")));
        assertEquals(Optional.of(source.connection()), unique.connection());
        assertFalse(unique.getMessage().contains("ada@example.org"), unique::getMessage);
        assertThrows(
                NotNullViolationException.class,
                () -> QueryBuilder.on(source, "strict_facts").insert(ordered("id", 1, "v", null)));
        assertEquals(5, users().count());
    }

    @Test
    void insertGetId_givesTheGeneratedKey() {
        assertEquals(6, id(users().insertGetId(Map.of("name", "Flo"))));
        assertEquals(7, id(users().insertGetId(ordered("name", "Gus", "email", null))));
        assertEquals("Gus", users().find(7).orElseThrow().getString("name"));
    }

    @Test
    void insertAll_rows_insertsThemInOneTransaction() {
        List<Map<String, Object>> rows = IntStream.range(0, 1_000)
                .mapToObj(i -> Map.<String, Object>of("name", "n" + i, "age", i))
                .toList();

        assertEquals(1_000, users().insertAll(rows));
        assertEquals(1_005, users().count());
        assertEquals(999, users().where("name", "n999").first().orElseThrow().getInt("age"));
    }

    @Test
    void insertAll_moreValuesThanOneStatementTakes_insertsThem() {
        List<Map<String, Object>> rows = IntStream.range(0, 40_000)
                .mapToObj(i -> Map.<String, Object>of("v", i))
                .toList();

        assertEquals(40_000, facts().insertAll(rows));
        assertEquals(40_000, facts().count());
    }

    @Test
    void insertAll_keysInAnotherOrder_findTheirColumns() {
        users().insertAll(List.of(ordered("name", "Flo", "email", "f"), ordered("email", "g", "name", "Gus")));

        assertEquals("g", users().where("name", "Gus").first().orElseThrow().getString("email"));
    }

    @Test
    void insertAll_oneRowRefused_insertsNone() {
        assertThrows(
                UniqueViolationException.class,
                () -> users().insertAll(List.of(
                        Map.of("email", "x"),
                        Map.of("email", "y"),
                        Map.of("email", "ada@example.org"),
                        Map.of("email", "z"))));
        assertEquals(5, users().count());
        assertEquals(1, users().insert(Map.of("email", "x")));
    }

    @Test
    void insertAll_insideATransaction_joinsItAndLeavesItUsable() {
        onDriver(driver -> driver.transaction(tx -> {
            QueryBuilder joined = QueryBuilder.on(new DriverLeases(tx), "users");
            joined.insert(Map.of("email", "kept"));
            assertThrows(
                    UniqueViolationException.class,
                    () -> joined.insertAll(List.of(Map.of("email", "gone"), Map.of("email", "kept"))));
            return joined.insertAll(List.of(Map.of("email", "a"), Map.of("email", "b")));
        }));

        assertEquals(3, users().whereIn("email", List.of("kept", "a", "b")).count());
        assertEquals(0, users().where("email", "gone").count());
    }

    @Test
    void insertAll_differingKeys_isInvalidAndInsertsNone() {
        assertInvalid(
                () -> users().insertAll(List.of(Map.of("name", "a"), Map.of("email", "b"))), "row 1", "email", "name");
        assertInvalid(() -> users().insertAll(List.of(Map.of("name", "a"), Map.of("name", "b", "age", 1))), "row 1");
        assertInvalid(() -> users().insertAll(List.of(Map.of("name", "a"), Map.of())), "row 1");
        assertInvalid(() -> users().insertAll(Arrays.asList(Map.of("name", "a"), null)), "row 1");
        assertInvalid(
                () -> users().insertAll(List.of(Map.of("name", "a"), Collections.singletonMap(null, "b"))), "row 1");
        assertInvalid(() -> users().insertAll(Collections.singletonList(null)), "null");
        assertInvalid(() -> users().insertAll(null), "insertAll", "null");
        assertEquals(5, users().count());
    }

    @Test
    void insertAll_ofNone_isZero() {
        assertEquals(0, users().insertAll(List.of()));
    }

    @Test
    void insert_nullRow_isInvalid() {
        assertInvalid(() -> users().insert(null), "null");
        assertInvalid(() -> users().insertGetId(null), "null");
        assertInvalid(() -> users().insert(ordered(null, 1)), "column", "null");
    }

    // ---- update, delete

    @Test
    void update_conditions_changesTheseRows() {
        assertEquals(2, users().where("age", 17).update(ordered("age", 18, "name", null)));
        assertEquals("2 4", joined(users().where("age", 18).whereNull("name").orderBy("id")));
    }

    @Test
    void update_withoutConditions_changesAllRows() {
        assertEquals(5, users().update(Map.of("age", 1)));
    }

    @Test
    void update_ofNothing_isInvalid() {
        assertInvalid(() -> users().where("id", 1).update(Map.of()), "update", "'users'", "no values");
        assertInvalid(() -> users().update(null), "null");
    }

    @Test
    void delete_conditions_deletesTheseRows() {
        assertEquals(2, users().where("age", 17).delete());
        assertEquals("1 3 5", joined(users().orderBy("id")));
        assertEquals(3, users().delete());
    }

    @Test
    void updateAndDelete_withOrderLimitOrOffset_areInvalidAndChangeNothing() {
        for (QueryBuilder query :
                List.of(users().limit(1), users().offset(1), users().orderBy("id"), users().limit(0))) {
            assertInvalid(query::delete, "delete", "'users'", "order, limit or offset");
            assertInvalid(() -> query.update(Map.of("age", 0)), "update", "'users'", "order, limit or offset");
        }
        assertEquals(5, users().count());
        assertEquals(0, users().where("age", 0).count());
    }

    // ---- identifiers

    static Stream<String> hostileNames() {
        return Stream.of(
                "select",
                "from",
                "where",
                "order",
                "group",
                "table",
                "null",
                "a\"b",
                "a`b",
                "a'b",
                "a;b",
                "a]b",
                "[a]",
                "ключ",
                "列",
                "😀",
                "with space",
                " lead",
                "a?b",
                ":limit",
                "a--b",
                "/*a*/",
                "a\\b",
                "1",
                "a*b",
                "%",
                "x".repeat(128),
                "😀".repeat(128));
    }

    @ParameterizedTest
    @MethodSource("hostileNames")
    void column_anyLegalName_works(String name) {
        String quoted = "\"" + name.replace("\"", "\"\"") + "\"";
        exec("CREATE TABLE odd (id INTEGER PRIMARY KEY, " + quoted + " TEXT)");
        QueryBuilder odd = QueryBuilder.on(source, "odd");

        assertEquals(1, odd.insert(Map.of(name, "v")));
        assertEquals(2, id(odd.insertGetId(Map.of(name, "w"))));
        assertEquals(2, odd.insertAll(List.of(Map.of(name, "x"), Map.of(name, "y"))));
        Row found = odd.select("id", name, "odd." + name + " as other")
                .where(name, "w")
                .whereIn(name, List.of("v", "w"))
                .whereBetween(name, "a", "z")
                .whereNotNull(name)
                .orderBy(name)
                .first()
                .orElseThrow();
        assertEquals("w", found.getString(name));
        assertEquals("w", found.getString("other"));
        assertEquals("w", odd.key(name).find("w").orElseThrow().getString(name));
        assertEquals(
                List.of("id"), odd.exclude(name).first().orElseThrow().columns().labels());
        assertEquals(1, odd.where(name, "w").update(Map.of(name, "z")));
        assertEquals(1, odd.where("odd." + name, "z").delete());
        assertEquals(3, odd.count());
    }

    @ParameterizedTest
    @MethodSource("hostileNames")
    void table_anyLegalName_works(String name) {
        String quoted = "\"" + name.replace("\"", "\"\"") + "\"";
        exec("CREATE TABLE " + quoted + " (id INTEGER PRIMARY KEY, v TEXT)");
        QueryBuilder table = QueryBuilder.on(source, name);

        assertEquals(1, table.insert(Map.of("v", "x")));
        assertEquals("x", table.find(1).orElseThrow().getString("v"));
        assertEquals(
                "x",
                QueryBuilder.on(source, "main." + name).find(1).orElseThrow().getString("v"));
        assertEquals(1, table.update(Map.of("v", "y")));
        assertEquals(1, table.delete());
        assertEquals(1, QueryBuilder.on(source, name).insert(Map.of()));
        assertEquals(1, rows("SELECT * FROM " + quoted).size());
    }

    /** Names that are none, and what the error says. */
    static Stream<Map.Entry<@Nullable String, String>> noNames() {
        return Stream.of(
                new java.util.AbstractMap.SimpleEntry<>(null, "null"),
                Map.entry("", "blank"),
                Map.entry("  ", "blank"),
                Map.entry("\u00a0\u2003", "blank"),
                Map.entry(".", "blank"),
                Map.entry("users.", "blank"),
                Map.entry(".name", "blank"),
                Map.entry("users..name", "blank"),
                Map.entry("a\nb", "control"),
                Map.entry("a\u0000", "control"),
                Map.entry("\u007f", "control"),
                Map.entry("a\ud83d", "Unicode"),
                Map.entry("\ude00a", "Unicode"),
                Map.entry("x".repeat(129), "129"),
                Map.entry("x".repeat(10_000), "10000"),
                Map.entry("users." + "😀".repeat(129), "129"),
                Map.entry("a.b.c.d", "4 parts"),
                Map.entry("a.".repeat(5_000) + "a", "parts"));
    }

    @ParameterizedTest
    @MethodSource("noNames")
    void anyName_notAnIdentifier_isInvalidAndTheMessageStaysShort(Map.Entry<@Nullable String, String> bad) {
        String name = bad.getKey();
        List<Callable<?>> uses = List.of(
                () -> QueryBuilder.on(source, name),
                () -> users().key(name),
                () -> users().select("id", name),
                () -> users().exclude(name),
                () -> users().where(name, 1),
                () -> users().where(name, "=", 1),
                () -> users().where(q -> q.where(name, 1)),
                () -> users().orWhere(name, 1),
                () -> users().orWhere(name, "=", 1),
                () -> users().whereNull(name),
                () -> users().whereNotNull(name),
                () -> users().whereIn(name, List.of(1)),
                () -> users().whereIn(name, List.of()),
                () -> users().whereBetween(name, 1, 2),
                () -> users().orderBy(name),
                () -> users().orderBy(name, "desc"),
                () -> users().insert(ordered(name, 1)),
                () -> users().insertGetId(ordered(name, 1)),
                () -> users().insertAll(List.of(ordered(name, 1))),
                () -> users().update(ordered(name, 1)));
        for (Callable<?> use : uses) {
            var refused = assertThrows(InvalidQueryException.class, use::call);
            assertTrue(refused.getMessage().length() < 300, refused::getMessage);
            assertTrue(refused.getMessage().chars().noneMatch(Character::isISOControl), refused::getMessage);
        }
        assertInvalid(() -> users().where(name, 1), bad.getValue());
        assertEquals(5, users().count());
    }

    @Test
    void star_whereSqlAllowsNone_isInvalid() {
        List<Callable<?>> uses = List.of(
                () -> QueryBuilder.on(source, "*"),
                () -> users().where("*", 1),
                () -> users().where("users.*", 1),
                () -> users().select("* as x"),
                () -> users().select("id as *"),
                () -> users().orderBy("*"),
                () -> users().exclude("*"),
                () -> users().key("*"),
                () -> users().insert(Map.of("*", 1)),
                () -> users().update(Map.of("*", 1)));
        uses.forEach(use -> assertInvalid(use, "*"));
    }

    @Test
    void dottedName_whereSqlAllowsNone_isInvalid() {
        List<Callable<?>> uses = List.of(
                () -> users().insert(Map.of("users.name", 1)),
                () -> users().update(Map.of("users.name", 1)),
                () -> users().key("users.id"),
                () -> users().exclude("users.id"),
                () -> users().select("id as users.id"));
        uses.forEach(use -> assertInvalid(use, "without a dot"));
    }

    @Test
    void select_aliasWithoutAName_isInvalid() {
        assertInvalid(() -> users().select("name as  "), "blank");
        assertInvalid(() -> users().select(" as x"), "blank");
    }

    // ---- values

    enum Mood {
        GLAD
    }

    static Stream<Object> bindables() {
        return Stream.of(
                true,
                1,
                2L,
                (short) 3,
                (byte) 4,
                1.5d,
                2.5f,
                new BigDecimal("12.50"),
                new BigInteger("123"),
                "text",
                Instant.parse("2026-11-23T10:00:00Z"),
                LocalDate.of(2026, 11, 23),
                LocalTime.of(10, 30, 5),
                LocalDateTime.of(2026, 11, 23, 10, 0),
                new UUID(1, 2),
                Mood.GLAD,
                new byte[] {1, 2});
    }

    @ParameterizedTest
    @MethodSource("bindables")
    void value_ofABindableType_isInsertedAndFound(Object value) {
        facts().insert(Map.of("v", value));
        facts().insertAll(List.of(Map.of("v", value)));
        facts().update(Map.of("v", value));

        assertEquals(2, facts().where("v", value).count());
        assertEquals(2, facts().whereIn("v", List.of(value)).count());
        assertEquals(2, facts().whereBetween("v", value, value).count());
        assertEquals(1L, facts().key("v").find(value).orElseThrow().getLong("id"));
    }

    static Stream<Object> unbindables() {
        return Stream.of(
                new Object(), new Date(0), 'c', List.of(1), Map.of(), Optional.of(1), new int[] {1}, Mood.class);
    }

    @ParameterizedTest
    @MethodSource("unbindables")
    void value_ofAnotherType_isInvalidNamesClassAndColumnAndRunsNothing(Object value) {
        String type = value.getClass().getName();
        List<Callable<?>> uses = List.of(
                () -> users().where("name", value),
                () -> users().where("name", ">", value),
                () -> users().orWhere("name", value),
                () -> users().orWhere("name", "like", value),
                () -> users().whereIn("name", List.of(value)),
                () -> users().whereBetween("name", value, 1),
                () -> users().whereBetween("name", 1, value),
                () -> users().key("name").find(value),
                () -> users().insert(Map.of("name", value)),
                () -> users().insertGetId(Map.of("name", value)),
                () -> users().insertAll(List.of(Map.of("name", "ok"), Map.of("name", value))),
                () -> users().update(Map.of("name", value)));
        uses.forEach(use -> assertInvalid(use, "'name'", type));
        assertEquals(5, users().count());
        assertEquals(1, users().where("name", "Ada").count());
    }

    @Test
    void value_bytesChangedLater_changesNothing() {
        byte[] bytes = {1, 2};
        facts().insert(Map.of("v", new byte[] {1, 2}));
        QueryBuilder query = facts().where("v", bytes);
        bytes[0] = 9;
        ((byte[]) query.toSql().bindings().get(0))[0] = 9;

        assertArrayEquals(new byte[] {1, 2}, query.first().orElseThrow().getBytes("v"));
    }

    // ---- immutability and threads

    @Test
    void everyStep_givesANewBuilderAndLeavesTheOld() {
        QueryBuilder query = users().where("age", 17).orderBy("id");
        List<Consumer<QueryBuilder>> steps = List.of(
                q -> assertNotSame(q, q.select("id")),
                q -> assertNotSame(q, q.exclude("id")),
                q -> assertNotSame(q, q.key("name")),
                q -> assertNotSame(q, q.where("id", 4)),
                q -> assertNotSame(q, q.orWhere("id", 1)),
                q -> assertNotSame(q, q.where(g -> g.where("id", 4))),
                q -> assertNotSame(q, q.whereNull("id")),
                q -> assertNotSame(q, q.orderBy("name")),
                q -> assertNotSame(q, q.limit(0)),
                q -> assertNotSame(q, q.offset(1)),
                QueryBuilder::first,
                q -> q.find(2),
                QueryBuilder::count,
                QueryBuilder::exists);
        var before = query.toSql();
        steps.forEach(step -> step.accept(query));

        assertEquals(before, query.toSql());
        assertEquals("2 4", joined(query));
    }

    @Test
    void builder_sharedBetweenThreads_givesEachItsOwn() throws Exception {
        QueryBuilder shared = users().whereNotNull("name").orderBy("id");
        var threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Boolean>> runs = IntStream.range(0, 4)
                    .mapToObj(thread -> threads.submit(() -> {
                        for (int i = 0; i < 200; i++) {
                            long id = 1 + (i + thread) % 4;
                            assertEquals(id, shared.find(id).orElseThrow().getLong("id"));
                            assertEquals(1, shared.where("id", id).all().size());
                            assertEquals(1, shared.first().orElseThrow().getLong("id"));
                            assertEquals(4, shared.count());
                        }
                        return true;
                    }))
                    .toList();
            for (Future<Boolean> run : runs) {
                assertTrue(run.get(60, TimeUnit.SECONDS));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void where_thousandsOfConditions_work() {
        QueryBuilder query = users();
        for (int i = 0; i < 500; i++) { // SQLite takes expressions 1,000 deep
            query = query.where("id", ">", -i);
        }
        assertEquals(5, query.count());
        assertEquals(5, query.count());
    }

    @Test
    void toSql_toString_hidesTheBindings() {
        String shown = users().where("name", "secret").toSql().toString();

        assertFalse(shown.contains("secret"), shown);
        assertTrue(shown.endsWith("[1 bindings]"), shown);
    }

    /** A map that keeps its order and takes null. */
    protected static Map<String, @Nullable Object> ordered(@Nullable Object... keysAndValues) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    /** A generated key as a number; drivers may give an Integer or a Long. */
    private static long id(Object key) {
        return ((Number) key).longValue();
    }

    private static String joined(QueryBuilder query) {
        return String.join(" ", ids(query).stream().map(String::valueOf).toList());
    }
}
