package dev.bunary.orm.jdbc;

import dev.bunary.orm.driver.Columns;
import java.sql.PreparedStatement;
import org.jspecify.annotations.Nullable;

/** A prepared statement and what is worth knowing about it only once. Belongs to one session. */
final class PreparedSql {
    final String sql;
    final PreparedStatement statement;
    final StatementKind kind;
    final int parameters;

    /** Null until the first result; read again when {@link #schema} is behind. */
    @Nullable
    Columns columns;

    int schema;
    boolean inUse = true;
    boolean cached;

    PreparedSql(String sql, PreparedStatement statement, StatementKind kind, int parameters) {
        this.sql = sql;
        this.statement = statement;
        this.kind = kind;
        this.parameters = parameters;
    }
}
