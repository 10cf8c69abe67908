package dev.bunary.orm.driver;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The database refused a statement. Subclasses say why, where the database told. */
public class SqlException extends OrmException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String sqlState;
    private final int vendorCode;

    /**
     * Makes the error.
     *
     * @param failure what the database said
     */
    public SqlException(SqlFailure failure) {
        super(failure.message(), failure.sql(), failure.cause());
        this.sqlState = failure.sqlState();
        this.vendorCode = failure.vendorCode();
    }

    /**
     * The SQLSTATE.
     *
     * @return five characters (ISO/IEC 9075-2, 24.1), or empty if the database has none
     */
    public final Optional<String> sqlState() {
        return Optional.ofNullable(sqlState);
    }

    /**
     * The database's own code.
     *
     * @return the code, 0 if there is none; SQLite gives its extended result code
     */
    public final int vendorCode() {
        return vendorCode;
    }
}
