package dev.bunary.orm.query;

import dev.bunary.orm.driver.BadSqlException;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.SqlFailure;
import dev.bunary.orm.registry.Lease;
import dev.bunary.orm.sql.StatementShape;
import java.util.List;
import java.util.Optional;

/** Says which columns there are when the database has refused one that there is not. */
final class UnknownColumns {
    private UnknownColumns() {}

    /** The failure, in our words if a column of the statement is not in its table. */
    static BadSqlException explain(BadSqlException refused, StatementShape shape, Lease lease) {
        try {
            List<String> known = QueryExecutor.compiled(lease).askColumns(shape.table(), lease.driver());
            return unknown(shape, known)
                    .map(column -> naming(column, shape.table(), known, refused))
                    .orElse(refused);
        } catch (OrmException cannotTell) { // such as in a transaction that the first failure has ended
            refused.addSuppressed(cannotTell);
            return refused;
        }
    }

    static String message(String column, String table, List<String> known) {
        return "column '" + column + "' is not in table '" + table + "'; known columns: " + String.join(", ", known);
    }

    private static BadSqlException naming(String column, String table, List<String> known, BadSqlException refused) {
        return new BadSqlException(new SqlFailure(
                message(column, table, known),
                refused.sql().orElse(null),
                refused.sqlState().orElse(null),
                refused.vendorCode(),
                refused));
    }

    private static Optional<String> unknown(StatementShape shape, List<String> known) {
        if (known.isEmpty()) {
            return Optional.empty();
        }
        List<String> own = shape.columns().stream()
                .filter(column -> isOf(shape.table(), column))
                .map(UnknownColumns::name)
                .toList();
        // not every database tells upper from lower case, so a column that differs in more is the likelier one
        return own.stream()
                .filter(column -> known.stream().noneMatch(column::equalsIgnoreCase))
                .findFirst()
                .or(() -> own.stream().filter(column -> !known.contains(column)).findFirst());
    }

    /** Whether a column is this table's, and not that of another one before its dot. */
    private static boolean isOf(String table, String column) {
        int dot = column.lastIndexOf('.');
        return dot < 0 || name(column.substring(0, dot)).equals(name(table));
    }

    private static String name(String dotted) {
        return dotted.substring(dotted.lastIndexOf('.') + 1);
    }
}
