package dev.bunary.orm.sql;

import dev.bunary.orm.driver.InvalidQueryException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The operators a condition may have. The list is closed: no operator of a caller ever reaches the SQL text. */
public enum Operator {
    EQUAL(" = ?"),
    NOT_EQUAL(" <> ?"),
    GREATER(" > ?"),
    GREATER_OR_EQUAL(" >= ?"),
    LESS(" < ?"),
    LESS_OR_EQUAL(" <= ?"),
    LIKE(" LIKE ?"),

    /** Of any number of values, which the compiler adds, and the other parenthesis. */
    IN(" IN ("),
    BETWEEN(" BETWEEN ? AND ?"),
    NULL(" IS NULL"),
    NOT_NULL(" IS NOT NULL");

    /** What stands after the column. */
    final String sql;

    Operator(String sql) {
        this.sql = sql;
    }

    /**
     * Reads an operator, words in any case.
     *
     * @return the operator; {@code !=} is {@link #NOT_EQUAL}
     * @throws InvalidQueryException if it is not in the list
     */
    public static Operator of(@Nullable String text) {
        return switch (text == null ? "" : text.toLowerCase(Locale.ROOT)) {
            case "=" -> EQUAL;
            case "!=", "<>" -> NOT_EQUAL;
            case ">" -> GREATER;
            case ">=" -> GREATER_OR_EQUAL;
            case "<" -> LESS;
            case "<=" -> LESS_OR_EQUAL;
            case "like" -> LIKE;
            case "in" -> IN;
            default ->
                throw new InvalidQueryException("operator "
                        + (text == null ? "null" : "'" + Identifier.shown(text) + "'")
                        + " is not known; use one of = != <> > >= < <= like in");
        };
    }
}
