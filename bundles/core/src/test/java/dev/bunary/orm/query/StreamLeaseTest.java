package dev.bunary.orm.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.BadSqlException;
import dev.bunary.orm.driver.ColumnTypeException;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.QueryResult;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.driver.RowReader;
import dev.bunary.orm.registry.ConsumerScope;
import dev.bunary.orm.registry.Lease;
import dev.bunary.orm.registry.LeaseSource;
import dev.bunary.orm.registry.LeasedRows;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When streams and readers hold a lease, and when they let it go. */
final class StreamLeaseTest {
    private final FourMethodDriver driver = new FiveMethodDriverTest.FiveMethodDriver();
    private final DriverLeases leases = new DriverLeases(driver);
    private final QueryBuilder numbers = QueryBuilder.on(leases, "numbers");
    private final Queue<LogRecord> logged = new ConcurrentLinkedQueue<>();
    private final Logger logger = Logger.getLogger("dev.bunary.orm");
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            logged.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void createNumbers() {
        logger.addHandler(handler);
        driver.exec("CREATE TABLE numbers (id INTEGER PRIMARY KEY, v)");
        driver.exec("INSERT INTO numbers VALUES (1, 10), (2, 20), (3, 'text')");
    }

    @AfterEach
    void close() {
        logger.removeHandler(handler);
        driver.close();
    }

    @Test
    void stream_open_holdsOnePinnedLeaseUntilClosed() {
        Stream<Row> stream = numbers.stream();
        assertEquals(1, leases.held.get());
        assertEquals(1, leases.pinned.get());

        stream.close();
        assertEquals(0, leases.held.get());
        stream.close();
        assertEquals(0, leases.held.get());
    }

    @Test
    void stream_readToItsEnd_releasesWithoutClose() {
        assertEquals(3, numbers.stream().toList().size());
        assertEquals(0, leases.held.get());

        Iterator<Row> rows = numbers.stream().iterator();
        rows.next();
        assertEquals(1, leases.held.get());
        rows.next();
        rows.next();
        assertEquals(List.of(false, 0), List.of(rows.hasNext(), leases.held.get()));
    }

    @Test
    void stream_closedAfterItsEnd_releasesOnce() {
        try (Stream<Row> stream = numbers.stream()) {
            assertEquals(3, stream.count());
            assertEquals(0, leases.held.get());
        }
        assertEquals(0, leases.held.get());
    }

    @Test
    void stream_closedWhileIterated_endsTheRows() {
        Stream<Row> stream = numbers.stream();
        Iterator<Row> rows = stream.iterator();
        rows.next();
        stream.close();

        assertEquals(false, rows.hasNext());
    }

    @Test
    void stream_thatCannotBeOpened_holdsNothing() {
        assertThrows(BadSqlException.class, () -> numbers.where("nosuch", 1).stream());
        assertThrows(
                IllegalStateException.class,
                () -> numbers
                        .as(columns -> {
                            throw new IllegalStateException("reader");
                        })
                        .stream()
                        .toList());
        assertEquals(0, leases.held.get());
    }

    @Test
    void stream_readerFails_endsAndNamesTheConnection() {
        RowReader<Long> longs = columns -> row -> row.getLong(1);

        var failure = assertThrows(
                ColumnTypeException.class, () -> numbers.as(longs).stream().toList());
        assertEquals(Optional.of("default"), failure.connection());
        assertEquals(0, leases.held.get());
    }

    @Test
    void stream_bodyFails_isItsCallersToClose() {
        Stream<Row> stream = numbers.stream();
        assertThrows(
                IllegalStateException.class,
                () -> stream.forEach(row -> {
                    throw new IllegalStateException("body");
                }));
        assertEquals(1, leases.held.get());
        stream.close();
        assertEquals(0, leases.held.get());
    }

    @Test
    void stream_dropped_isEndedWithOneWarningThatNamesThePlace() {
        open();

        awaitCollected(() -> leases.held.get() == 0 && !logged.isEmpty());
        assertEquals(1, logged.size(), () -> "logged: " + logged);
        LogRecord warning = logged.peek();
        assertEquals(Level.WARNING, warning.getLevel());
        assertTrue(warning.getMessage().contains("StreamLeaseTest.open(StreamLeaseTest.java:"), warning::getMessage);
    }

    private void open() {
        int held = leases.held.get();
        assertEquals(1, numbers.stream().limit(1).count());
        assertEquals(held + 1, leases.held.get());
    }

    @Test
    void stream_droppedAndFailingToClose_isReleasedAndTheFailureLogged() {
        var failing = new DriverLeases(new FiveMethodDriverTest.FiveMethodDriver() {
            @Override
            public QueryResult query(String sql, @Nullable Object... params) {
                return new FailingToClose(driver.query(sql, params));
            }
        });
        openAndDrop(failing);

        awaitCollected(() -> failing.held.get() == 0 && !logged.isEmpty());
        assertEquals("cannot close", logged.element().getThrown().getMessage());
        failing.driver.close();
    }

    private static void openAndDrop(DriverLeases leases) {
        assertEquals(1, QueryBuilder.on(leases, "numbers").stream().limit(1).count());
        assertEquals(1, leases.held.get());
    }

    @Test
    void stream_failingToClose_isReleasedAndTheFailureThrown() {
        var failing = new DriverLeases(driver);
        Stream<Row> rows = LeasedRows.open(
                failing,
                lease -> new FailingToClose(driver.query("SELECT 1")).stream(Row.reader()),
                (failure, lease) -> failure);

        assertEquals(
                "cannot close",
                assertThrows(IllegalStateException.class, rows::close).getMessage());
        assertEquals(0, failing.held.get());
    }

    @Test
    void stream_refusedByAScopeThatIsClosed_endsItsLease() {
        var scope = new ConsumerScope("bundle shop [12]");
        scope.close();
        var refusing = new LeaseSource() {
            @Override
            public String connection() {
                return leases.connection();
            }

            @Override
            public Lease acquire() {
                return leases.acquire();
            }

            @Override
            public Lease pin() {
                return leases.pin();
            }

            @Override
            public ConsumerScope scope() {
                return scope;
            }
        };
        assertThrows(DriverClosedException.class, () -> QueryBuilder.on(refusing, "numbers").stream());
        assertEquals(0, leases.held.get());
        open();
        awaitCollected(() -> !logged.isEmpty() && leases.held.get() <= 0); // so the one refused has been collected too
        assertEquals(0, leases.held.get());
        assertEquals(1, logged.size());
    }

    private record FailingToClose(QueryResult result) implements QueryResult {
        @Override
        public List<Row> all() {
            return result.all();
        }

        @Override
        public <T> Stream<T> stream(RowReader<T> reader) {
            return result.stream(reader).onClose(() -> {
                throw new IllegalStateException("cannot close");
            });
        }
    }

    @Test
    void stream_onlyItsIteratorKept_staysOpen() {
        Iterator<Row> rows = numbers.stream().iterator();
        rows.next();
        openAndDropAnother();

        awaitCollected(() -> leases.held.get() == 1);
        assertEquals(2, rows.next().getLong("id"));
        assertEquals(3, rows.next().getLong("id"));
        assertEquals(false, rows.hasNext());
        assertEquals(0, leases.held.get());
    }

    private void openAndDropAnother() {
        numbers.stream().iterator().next();
        assertEquals(2, leases.held.get());
    }

    /** Collects garbage until the condition holds, for at most 30 s. */
    private static void awaitCollected(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "not collected in 30 s");
            System.gc();
            Thread.onSpinWait();
        }
    }

    @Test
    void reader_ofTheCaller_isRunUnderAPinnedLease() {
        assertEquals(3, numbers.as(columns -> row -> leases.held.get()).all().size());
        assertEquals(1, leases.pinned.get());
        numbers.as(columns -> row -> row.getLong(0)).first();
        numbers.as(columns -> row -> row.getLong(0)).find(1);
        assertEquals(3, leases.pinned.get());
        assertEquals(0, leases.held.get());
    }

    @Test
    void operation_withoutCodeOfTheCaller_pinsNothing() {
        numbers.all();
        numbers.first();
        numbers.find(1);
        numbers.count();
        numbers.exists();
        numbers.delete();

        assertEquals(0, leases.pinned.get());
        assertEquals(0, leases.held.get());
    }
}
