package dev.bunary.orm.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class ColumnsTest {
    private final Columns columns = Columns.of(List.of("id", "name", "Name", ""));

    @Test
    void index_knownLabel_isItsPlace() {
        assertEquals(0, columns.index("id"));
        assertEquals(1, columns.index("name"));
        assertEquals(2, columns.index("Name"));
        assertEquals(3, columns.index(""));
        assertEquals(OptionalInt.of(1), columns.find("name"));
        assertEquals("name", columns.label(1));
        assertEquals(4, columns.size());
    }

    @Test
    void index_unknownLabel_isAnErrorThatListsTheLabels() {
        var error = assertThrows(UnknownColumnException.class, () -> columns.index("emial"));
        assertTrue(error.getMessage().contains("'emial'"), error.getMessage());
        assertTrue(error.getMessage().contains("id, name, Name"), error.getMessage());
        assertEquals(OptionalInt.empty(), columns.find("ID"));
    }

    @Test
    void of_equalLabels_isAnErrorThatNamesThem() {
        var error = assertThrows(InvalidQueryException.class, () -> Columns.of(List.of("id", "name", "id")));
        assertTrue(error.getMessage().contains("'id'"), error.getMessage());
    }

    @Test
    void of_sourceChangedLater_staysAsItWas() {
        var source = new ArrayList<>(List.of("id"));
        Columns made = Columns.of(source);
        source.add("name");
        assertEquals(List.of("id"), made.labels());
        assertThrows(UnsupportedOperationException.class, () -> made.labels().add("name"));
    }

    @Test
    void equals_sameLabelsInOrder_isTrue() {
        assertEquals(Columns.of(List.of("a", "b")), Columns.of(List.of("a", "b")));
        assertEquals(
                Columns.of(List.of("a", "b")).hashCode(),
                Columns.of(List.of("a", "b")).hashCode());
        assertNotEquals(Columns.of(List.of("a", "b")), Columns.of(List.of("b", "a")));
        assertEquals("[a, b]", Columns.of(List.of("a", "b")).toString());
    }
}
