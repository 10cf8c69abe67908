package dev.bunary.orm.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * A select: its shape and its values. Immutable.
 *
 * @param bindings the values of the conditions in their order; never changed, never handed to a caller uncopied
 * @param limit the most rows, if the shape has a limit
 * @param offset the rows to skip, if the shape has an offset
 */
public record SelectSpec(StatementShape.Select shape, Object[] bindings, long limit, long offset) {
    private static final Object[] NONE = {};

    /** All rows of a table. */
    public static SelectSpec of(String table) {
        return new SelectSpec(
                new StatementShape.Select(table, List.of(), List.of(), Where.NONE, List.of(), false, false),
                NONE,
                0,
                0);
    }

    /** The table. */
    public String table() {
        return shape.table();
    }

    /** The conditions. */
    public Where where() {
        return shape.where();
    }

    /** Whether there is neither order nor limit nor offset. */
    public boolean hasWholeResult() {
        return shape.orders().isEmpty() && !shape.limit() && !shape.offset();
    }

    /** Whether there is nothing but conditions. */
    public boolean hasOnlyConditions() {
        return hasWholeResult()
                && shape.selected().isEmpty()
                && shape.excluded().isEmpty();
    }

    /** With another select list. */
    public SelectSpec select(List<Selected> selected) {
        return with(selected, shape.excluded(), shape.orders());
    }

    /** With more columns left out. */
    public SelectSpec exclude(List<String> columns) {
        var excluded = new LinkedHashSet<>(shape.excluded());
        excluded.addAll(columns);
        return with(shape.selected(), List.copyOf(excluded), shape.orders());
    }

    /** With one more column in the order. */
    public SelectSpec orderBy(Order order) {
        var orders = new ArrayList<>(shape.orders());
        orders.add(order);
        return with(shape.selected(), shape.excluded(), List.copyOf(orders));
    }

    private SelectSpec with(List<Selected> selected, List<String> excluded, List<Order> orders) {
        var other = new StatementShape.Select(
                shape.table(), selected, excluded, shape.where(), orders, shape.limit(), shape.offset());
        return new SelectSpec(other, bindings, limit, offset);
    }

    /** The conditions AND or OR one more, with its values. */
    public SelectSpec where(boolean or, Predicate predicate, Object... values) {
        return filter(or ? shape.where().or(predicate) : shape.where().and(predicate), values);
    }

    /** All the conditions together AND one more, with its value. */
    public SelectSpec narrow(Predicate predicate, Object value) {
        return filter(shape.where().narrowedBy(predicate), new Object[] {value});
    }

    private SelectSpec filter(Where where, Object[] values) {
        return new SelectSpec(shaped(where, shape.limit(), shape.offset()), joined(bindings, values), limit, offset);
    }

    /** With at most so many rows. */
    public SelectSpec limit(long rows) {
        return new SelectSpec(shaped(shape.where(), true, shape.offset()), bindings, rows, offset);
    }

    /** Without the first so many rows. */
    public SelectSpec offset(long rows) {
        return new SelectSpec(shaped(shape.where(), shape.limit(), true), bindings, limit, rows);
    }

    /** With at most one row. */
    public SelectSpec one() {
        return shape.limit() && limit <= 1 ? this : limit(1);
    }

    private StatementShape.Select shaped(Where where, boolean limited, boolean skipping) {
        return new StatementShape.Select(
                shape.table(), shape.selected(), shape.excluded(), where, shape.orders(), limited, skipping);
    }

    private static Object[] joined(Object[] first, Object[] second) {
        if (first.length == 0) {
            return second;
        }
        Object[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
