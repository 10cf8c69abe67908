package dev.bunary.orm.driver.tck;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * A new driver on an empty database for each test, and the table the tests share. The subjects follow as one class each,
 * one above the other: JUnit inherits tests along superclasses, and so the driver's hooks stay protected.
 */
@Timeout(60)
abstract class DriverFixture extends DriverCapabilities {
    private static final Pattern IDENTIFIER = Pattern.compile("\\[([a-z_]+)]");

    private final List<DatabaseDriver> opened = new ArrayList<>();
    private DatabaseConfig config;
    DatabaseDriver driver;

    @BeforeEach
    final void openDriver() {
        config = config();
        driver = open();
    }

    @AfterEach
    final void closeDrivers() throws Exception {
        // on another thread, as a driver that cannot close must not hold up the other tests
        for (DatabaseDriver each : opened) {
            Background.start(each::close).join();
        }
    }

    /** Opens the database of this test once more. */
    final DatabaseDriver open() {
        DatabaseDriver another = factory().create(config);
        opened.add(another);
        return another;
    }

    /** The text with each {@code [name]} quoted by the driver. */
    final String sql(String text) {
        return IDENTIFIER
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(driver.dialect().quote(match.group(1))));
    }

    final void createItems() {
        driver.exec(sql("CREATE TABLE [item] ([id] INTEGER PRIMARY KEY, [label] VARCHAR(200), [amount] BIGINT)"));
    }

    /** Items with ids from 1, labels {@code item 1} and so on, amounts ten times the id. */
    final void createItems(int count) {
        createItems();
        for (int id = 1; id <= count; id++) {
            insertItem(driver, id, "item " + id);
        }
    }

    final long insertItem(DatabaseDriver into, int id, @Nullable String label) {
        return into.exec(sql("INSERT INTO [item] ([id], [label], [amount]) VALUES (?, ?, ?)"), id, label, id * 10L);
    }

    final long countItems(DatabaseDriver from) {
        return from.query(sql("SELECT COUNT(*) FROM [item]"))
                .get()
                .orElseThrow()
                .getLong(0);
    }

    final long countItems() {
        return countItems(driver);
    }

    /** The ids of all items, in order. */
    final List<Long> itemIds(DatabaseDriver from) {
        return from.query(sql("SELECT [id] FROM [item] ORDER BY [id]")).all(columns -> row -> row.getLong(0));
    }
}
