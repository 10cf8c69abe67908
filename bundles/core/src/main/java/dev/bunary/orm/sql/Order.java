package dev.bunary.orm.sql;

import dev.bunary.orm.driver.InvalidQueryException;
import org.jspecify.annotations.Nullable;

/** One column of an order. */
public record Order(String column, boolean descending) {

    /**
     * Reads an order.
     *
     * @param column a column or a label of the select list
     * @param direction {@code asc} or {@code desc}, in any case
     * @throws InvalidQueryException if the column is no name, or the direction another
     */
    public static Order of(@Nullable String column, @Nullable String direction) {
        if (direction == null || !direction.equalsIgnoreCase("asc") && !direction.equalsIgnoreCase("desc")) {
            throw new InvalidQueryException("direction "
                    + (direction == null ? "null" : "'" + Identifier.shown(direction) + "'")
                    + " is not known; use asc or desc");
        }
        return new Order(Identifier.column(column), direction.equalsIgnoreCase("desc"));
    }
}
