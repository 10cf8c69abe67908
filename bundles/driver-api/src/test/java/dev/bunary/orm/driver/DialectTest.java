package dev.bunary.orm.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DialectTest {
    private final Dialect standard = Dialect.STANDARD;

    @Test
    void quote_quotes_areDoubled() {
        assertEquals("\"users\"", standard.quote("users"));
        assertEquals("\"a\"\"b\"\"\"", standard.quote("a\"b\""));
        assertEquals("\"a.b`c'd\"", standard.quote("a.b`c'd"));
    }

    @Test
    void limitOffset_eachCase_hasItsClause() {
        assertEquals("", standard.limitOffset(false, false));
        assertEquals("LIMIT :limit", standard.limitOffset(true, false));
        assertEquals("OFFSET :offset", standard.limitOffset(false, true));
        assertEquals("LIMIT :limit OFFSET :offset", standard.limitOffset(true, true));
    }

    @Test
    void inserts_defaultsAndKeys_areStandard() {
        assertEquals("INSERT INTO \"t\" DEFAULT VALUES", standard.insertDefaults("\"t\""));
        assertEquals("INSERT x RETURNING \"id\"", standard.returning("INSERT x", List.of("id")));
        assertEquals("INSERT x RETURNING \"a\", \"b\"", standard.returning("INSERT x", List.of("a", "b")));
    }

    @Test
    void savepoints_areStandard() {
        assertEquals("SAVEPOINT sp1", standard.savepoint("sp1"));
        assertEquals("ROLLBACK TO SAVEPOINT sp1", standard.rollbackTo("sp1"));
        assertEquals("RELEASE SAVEPOINT sp1", standard.release("sp1"));
    }

    @Test
    void others_haveTheirDefaults() {
        assertEquals(32_766, standard.maxBindings());
        assertEquals("SELECT 1", standard.validation());
        assertEquals(Optional.empty(), standard.columnsQuery("users"));
    }
}
