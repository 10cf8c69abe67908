package dev.bunary.orm.driver.datasource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages as the servers send them, with a value in each that must not be repeated. */
final class ErrorWordsTest {
    private static final String VALUE = "secret5150";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    H2         | 23505 | 23505 | Unique index or primary key violation: "PUBLIC.U ON PUBLIC.RULE(LABEL) VALUES ( /* 1 */ 'secret5150' )" | Unique index or primary key violation: "PUBLIC.U ON PUBLIC.RULE(LABEL)
                    H2         | 23506 | 23506 | Referential integrity constraint violation: "C: PUBLIC.A FOREIGN KEY(P) REFERENCES PUBLIC.B(ID) ('secret5150')" | Referential integrity constraint violation: "C: PUBLIC.A FOREIGN KEY(P) REFERENCES PUBLIC.B(ID)
                    H2         | 22001 | 22001 | Value too long for column "V CHARACTER VARYING(3)": "'secret5150' (10)" | a value does not fit (the database's own words may show it and are left out)
                    H2         | 90067 | 90067 | Connection is broken: "x" | Connection is broken: "x"
                    POSTGRESQL | 23505 | 0 | ERROR: duplicate key value violates unique constraint "u"^  Detail: Key (label)=(secret5150) already exists. | ERROR: duplicate key value violates unique constraint "u"
                    POSTGRESQL | 22P02 | 0 | ERROR: invalid input syntax for type integer: "secret5150" | a value does not fit (the database's own words may show it and are left out)
                    MARIADB    | 23000 | 1062 | (conn=5) Duplicate entry 'for key secret5150' for key 'label' | duplicate entry for key 'label'
                    MARIADB    | 23000 | 1048 | (conn=5) Column 'label' cannot be null | (conn=5) Column 'label' cannot be null
                    MARIADB    | 22001 | 1406 | (conn=5) Data too long for column 'label' at row 1 | a value does not fit (the database's own words may show it and are left out)
                    STANDARD   | 23505 | 1 | unique: 'secret5150' | a constraint is violated (the database's own words may show values and are left out)
                    """)
    void message_withAValue_namesOnlyWhatIsNone(Product product, String state, int code, String message, String told) {
        var error = new SQLException(message.replace('^', '\n'), state, code);
        String shown = new DataSourcePlatform(product).message(error);
        assertEquals(told, shown);
        assertFalse(shown.contains(VALUE), shown);
    }

    @ParameterizedTest
    @CsvSource({
        "H2, 40001, 40001, 40P01",
        "H2, 90131, 90131, 40001",
        "H2, 90067, 90067, 08006",
        "H2, 23505, 23505, 23505",
        "H2, HYT00, 50200, HYT00",
        "POSTGRESQL, 57P01, 0, 08006",
        "POSTGRESQL, 40P01, 0, 40P01",
        "MARIADB, 23000, 1062, 23505",
        "MYSQL, 23000, 1048, 23502",
        "MARIADB, 23000, 1452, 23503",
        "MARIADB, 23000, 4025, 23514",
        "MYSQL, HY000, 3819, 23514",
        "MARIADB, 40001, 1213, 40P01",
        "MARIADB, HY000, 1205, 55P03",
        "MARIADB, 70100, 1317, 57014",
        "STANDARD, 42000, 7, 42000"
    })
    void state_ofTheProduct_becomesTheStandards(Product product, String state, int code, String standard) {
        assertEquals(standard, new DataSourcePlatform(product).standardState(new SQLException("x", state, code)));
    }
}
