package dev.bunary.orm.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The defaults, on a result with the one method it must have. */
final class QueryResultTest {
    private static final Columns ID = Columns.of(List.of("id"));

    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicInteger binds = new AtomicInteger();
    private final RowReader<Long> reader = columns -> {
        binds.incrementAndGet();
        int id = columns.index("id");
        return row -> row.getLong(id);
    };

    @Test
    void defaults_severalRows_readThemInOrder() {
        QueryResult result = result(Row.of(ID, 1L), Row.of(ID, 2L));
        assertEquals(List.of(1L, 2L), result.all(reader));
        assertEquals(1, binds.get());
        assertEquals(Optional.of(Row.of(ID, 1L)), result.get());
        assertEquals(Optional.of(1L), result.get(reader));
        try (var ids = result.stream(reader)) {
            assertEquals(List.of(1L, 2L), ids.toList());
        }
        assertEquals(4, runs.get());
    }

    @Test
    void defaults_noRow_areEmptyAndBindNothing() {
        QueryResult result = result();
        assertEquals(List.of(), result.all(reader));
        assertEquals(Optional.empty(), result.get());
        assertEquals(Optional.empty(), result.get(reader));
        try (var ids = result.stream(reader)) {
            assertEquals(0, ids.count());
        }
        assertEquals(0, binds.get());
    }

    private QueryResult result(Row... rows) {
        return () -> {
            runs.incrementAndGet();
            return List.of(rows);
        };
    }
}
