package dev.bunary.orm.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JsonTest {

    @Test
    void write_figures_isAnObject() {
        var figures = new LinkedHashMap<String, Object>();
        figures.put("clean", true);
        figures.put("pause", 12L);
        figures.put("broken", List.of("a", 1));
        figures.put("none", List.of());

        assertEquals(
                "{\n  \"clean\": true,\n  \"pause\": 12,\n  \"broken\": [\"a\", 1],\n  \"none\": []\n}",
                Json.write(figures));
    }

    @Test
    void write_textWithControlCharacters_isEscaped() {
        assertEquals("\"a \\\"b\\\" \\\\ \\n\\tat \\u0001 é\"", Json.write("a \"b\" \\ \n\tat \u0001 é"));
    }
}
