package dev.bunary.orm.launcher;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes what a run gives as JSON (RFC 8259): numbers, booleans, texts, lists of these, and objects. */
final class Json {
    private Json() {}

    static String write(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> "  " + text(String.valueOf(entry.getKey())) + ": " + write(entry.getValue()))
                    .collect(Collectors.joining(",\n", "{\n", "\n}"));
        }
        if (value instanceof Collection<?> values) {
            return values.stream().map(Json::write).collect(Collectors.joining(", ", "[", "]"));
        }
        return value instanceof Number || value instanceof Boolean ? value.toString() : text(value.toString());
    }

    private static String text(String value) {
        var text = new StringBuilder("\"");
        value.chars().forEach(character -> {
            switch (character) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                default -> append(text, (char) character);
            }
        });
        return text.append('"').toString();
    }

    private static void append(StringBuilder text, char character) {
        if (character < ' ') {
            text.append("\\u%04x".formatted((int) character));
        } else {
            text.append(character);
        }
    }
}
