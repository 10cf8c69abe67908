package dev.bunary.orm.sql;

import dev.bunary.orm.driver.Dialect;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes one statement's SQL text. Names come in checked and go out quoted; values never come here. */
final class SqlCompiler {
    private final Dialect dialect;
    private final StringBuilder sql = new StringBuilder(128);

    private SqlCompiler(Dialect dialect) {
        this.dialect = dialect;
    }

    static String compile(StatementShape shape, Dialect dialect) {
        var compiler = new SqlCompiler(dialect);
        if (shape instanceof StatementShape.Select select) {
            compiler.select(select);
        } else if (shape instanceof StatementShape.OfRows rows) {
            compiler.ofRows(rows);
        } else if (shape instanceof StatementShape.Insert insert) {
            compiler.insert(insert);
        } else if (shape instanceof StatementShape.Update update) {
            compiler.update(update);
        }
        return compiler.sql.toString();
    }

    private void select(StatementShape.Select select) {
        sql.append("SELECT ");
        if (select.selected().isEmpty()) {
            sql.append('*');
        } else {
            separated(select.selected(), this::selected);
        }
        sql.append(" FROM ");
        from(select.table(), select.where());
        if (!select.orders().isEmpty()) {
            sql.append(" ORDER BY ");
            separated(select.orders(), this::order);
        }
        sql.append(LimitClause.of(dialect, select.limit(), select.offset()).text());
    }

    private void ofRows(StatementShape.OfRows rows) {
        sql.append(rows.verb().sql);
        from(rows.table(), rows.where());
        if (rows.verb() == StatementShape.Verb.EXISTS) {
            sql.append(LimitClause.of(dialect, true, false).text());
        }
    }

    private void selected(Selected selected) {
        name(selected.column());
        if (selected.label() != null) {
            sql.append(" AS ").append(dialect.quote(selected.label()));
        }
    }

    private void order(Order order) {
        name(order.column());
        if (order.descending()) {
            sql.append(" DESC");
        }
    }

    private void insert(StatementShape.Insert insert) {
        if (insert.assigned().isEmpty()) {
            int start = sql.length();
            name(insert.table());
            String table = sql.substring(start);
            sql.replace(start, sql.length(), dialect.insertDefaults(table));
            return;
        }
        sql.append("INSERT INTO ");
        name(insert.table());
        sql.append(" (");
        separated(insert.assigned(), this::name);
        sql.append(") VALUES ");
        for (int row = 0; row < insert.rows(); row++) {
            sql.append(row == 0 ? "(" : ", (");
            placeholders(insert.assigned().size());
            sql.append(')');
        }
    }

    private void update(StatementShape.Update update) {
        sql.append("UPDATE ");
        name(update.table());
        sql.append(" SET ");
        separated(update.assigned(), column -> {
            name(column);
            sql.append(" = ?");
        });
        where(update.where());
    }

    private void from(String table, Where where) {
        name(table);
        where(where);
    }

    private void where(Where where) {
        if (!where.isEmpty()) {
            sql.append(" WHERE ");
            conditions(where);
        }
    }

    private void conditions(Where where) {
        boolean first = true;
        for (Where step : where.steps()) {
            if (!first) {
                sql.append(step.isOr() ? " OR " : " AND ");
            }
            first = false;
            predicate(step.last());
        }
    }

    private void predicate(@Nullable Predicate predicate) {
        if (predicate instanceof Where group) {
            sql.append('(');
            conditions(group);
            sql.append(')');
        } else if (predicate instanceof Predicate.Comparison comparison) {
            comparison(comparison);
        }
    }

    private void comparison(Predicate.Comparison comparison) {
        boolean in = comparison.operator() == Operator.IN;
        if (in && comparison.values() == 0) {
            sql.append("1 = 0"); // IN () is no SQL
            return;
        }
        name(comparison.column());
        sql.append(comparison.operator().sql);
        if (in) {
            placeholders(comparison.values());
            sql.append(')');
        }
    }

    private void placeholders(int count) {
        sql.append('?');
        for (int i = 1; i < count; i++) {
            sql.append(", ?");
        }
    }

    private void name(String name) {
        Identifier.quote(name, dialect, sql);
    }

    private <T> void separated(List<T> list, Consumer<T> write) {
        for (int i = 0; i < list.size(); i++) {
            if (i > 0) {
                sql.append(", ");
            }
            write.accept(list.get(i));
        }
    }
}
