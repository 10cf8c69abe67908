package dev.bunary.orm.sql;

import dev.bunary.orm.driver.Dialect;
import dev.bunary.orm.driver.InvalidQueryException;
import org.jspecify.annotations.Nullable;

/**
 * The rule for names of tables, columns and labels. A checked name stays a String, so that checking costs no object.
 *
 * <p>A name is one to three parts with a dot between them, the last of which is the table or column. A part is not
 * blank, has at most 128 code points and no control character; anything else in it is legal, as it is quoted.
 */
public final class Identifier {
    private static final int LONGEST_PART = 128;
    private static final int MOST_PARTS = 3;
    private static final int SHOWN = 40;

    private Identifier() {}

    /**
     * Checks the name of a table, which may have a schema before it.
     *
     * @return the name
     * @throws InvalidQueryException if it is none
     */
    public static String table(@Nullable String name) {
        return checked("table", name, MOST_PARTS, false);
    }

    /**
     * Checks the name of a column, which may have its table before it.
     *
     * @return the name
     * @throws InvalidQueryException if it is none
     */
    public static String column(@Nullable String name) {
        return checked("column", name, MOST_PARTS, false);
    }

    /**
     * Checks the name of a column that stands where SQL allows no table before it.
     *
     * @return the name
     * @throws InvalidQueryException if it is none
     */
    public static String plainColumn(@Nullable String name) {
        return checked("column", name, 1, false);
    }

    /** Whether a name that a database gave can be written as one part. */
    public static boolean isPlainColumn(String name) {
        return name.indexOf('.') < 0 && !name.equals("*");
    }

    /** As {@link #column}, or {@code *} or {@code table.*}. */
    static String columnOrStar(@Nullable String name) {
        return checked("column", name, MOST_PARTS, true);
    }

    static String label(String name) {
        return checked("label", name, 1, false);
    }

    /** The table or column without what stands before it. */
    static String lastPart(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** Appends a checked name, each part quoted. */
    static void quote(String name, Dialect dialect, StringBuilder sql) {
        int start = 0;
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', start)) {
            sql.append(dialect.quote(name.substring(start, dot))).append('.');
            start = dot + 1;
        }
        String last = name.substring(start);
        sql.append(last.equals("*") ? last : dialect.quote(last));
    }

    private static String checked(String kind, @Nullable String name, int mostParts, boolean starAllowed) {
        if (name == null) {
            throw new InvalidQueryException("a " + kind + " needs a name, but it is null");
        }
        int parts = 1;
        int start = 0;
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', start)) {
            checkPart(kind, name, start, dot, false);
            start = dot + 1;
            parts++;
        }
        checkPart(kind, name, start, name.length(), starAllowed);
        if (parts > mostParts) {
            throw refused(
                    kind,
                    name,
                    mostParts == 1
                            ? "must stand without a table before it; name it without a dot"
                            : "has " + parts + " parts; at most " + mostParts + " are separated by dots");
        }
        return name;
    }

    private static void checkPart(String kind, String name, int start, int end, boolean starAllowed) {
        boolean blank = true;
        int length = 0;
        for (int i = start; i < end; i++) {
            char c = name.charAt(i);
            if (Character.isISOControl(c)) {
                throw refused(kind, name, "has a control character at index " + i + "; names have none");
            }
            if (Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(name.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw refused(kind, name, "has half a character at index " + i + "; give well-formed Unicode");
            }
            blank = blank && (Character.isWhitespace(c) || Character.isSpaceChar(c));
            length++;
        }
        if (blank) {
            throw refused(kind, name, "is blank" + (name.isBlank() ? "" : " before or after a dot") + "; give a name");
        }
        if (length > LONGEST_PART) {
            throw refused(kind, name, "has " + length + " characters; at most " + LONGEST_PART + " are allowed");
        }
        if (!starAllowed && end - start == 1 && name.charAt(start) == '*') {
            throw refused(kind, name, "is *, which only select takes; name the " + kind);
        }
    }

    private static InvalidQueryException refused(String kind, String name, String rule) {
        return new InvalidQueryException(kind + " '" + shown(name) + "' " + rule);
    }

    /** A name as a message shows it: no longer than a line, and without what could forge one. */
    public static String shown(String name) {
        var shown = new StringBuilder();
        name.codePoints()
                .limit(SHOWN)
                .map(c -> Character.isISOControl(c) ? '\uFFFD' : c)
                .forEach(shown::appendCodePoint);
        return shown.length() < name.length() ? shown + "…" : shown.toString();
    }
}
