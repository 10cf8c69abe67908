package dev.bunary.orm.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.Dialect;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** That a shape is compiled, and a table introspected, once per driver. */
final class CompiledOnceTest {
    private final AtomicInteger quoted = new AtomicInteger();
    private final AtomicInteger introspected = new AtomicInteger();
    private final FourMethodDriver driver = new FourMethodDriver(":memory:") {
        private final Dialect dialect = new Dialect() {
            @Override
            public String quote(String identifier) {
                quoted.incrementAndGet();
                return new SqliteDialect().quote(identifier);
            }

            @Override
            public Optional<String> columnsQuery(String table) {
                introspected.incrementAndGet();
                return new SqliteDialect().columnsQuery(table);
            }
        };

        @Override
        public Dialect dialect() {
            return dialect;
        }
    };
    private final DriverLeases leases = new DriverLeases(driver);

    CompiledOnceTest() {
        driver.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)");
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private QueryBuilder table() {
        return QueryBuilder.on(leases, "t");
    }

    @Test
    void find_again_compilesNothing() {
        table().find(1);
        int first = quoted.get();
        for (int i = 0; i < 100; i++) {
            table().find(i);
            table().key("id").find((long) i);
        }

        assertTrue(first > 0);
        assertEquals(first, quoted.get());
    }

    @Test
    void limitAndOffset_ofOtherNumbers_areTheSameShape() {
        table().where("v", "a").orderBy("id").limit(1).offset(1).all();
        int first = quoted.get();
        table().where("v", "b").orderBy("id").limit(2).offset(2).all();

        assertEquals(first, quoted.get());
    }

    @Test
    void exclude_again_asksForTheColumnsOnce() {
        for (int i = 0; i < 10; i++) {
            table().exclude("v").all();
        }
        assertEquals(1, introspected.get());
    }

    @Test
    void whereIn_ofManySizes_keepsOneThingPerDriver() {
        for (int size = 0; size < 2_000; size++) {
            assertEquals(0, table().whereIn("id", Collections.nCopies(size, 1)).count());
        }
        assertEquals(1, leases.derived.size());
    }

    @Test
    void derived_keys_areOfCoreOnly() {
        table().where("v", "a").all();

        assertEquals(List.of(dev.bunary.orm.sql.CompiledStatements.class), List.copyOf(leases.derived.keySet()));
    }
}
