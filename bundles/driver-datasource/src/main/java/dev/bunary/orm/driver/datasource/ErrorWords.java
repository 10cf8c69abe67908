package dev.bunary.orm.driver.datasource;

import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a product words its errors: its own codes, and how much of a message names no values. */
enum ErrorWords {
    /** Nothing special is known. */
    STANDARD {
        @Override
        @Nullable
        String state(SQLException error) {
            return error.getSQLState();
        }

        @Override
        Optional<String> namesOnly(String message, SQLException error) {
            return Optional.empty();
        }
    },

    /** H2: states 90xxx are its own, and a message ends with the statement. */
    H2 {
        @Override
        @Nullable
        String state(SQLException error) {
            return switch (error.getErrorCode()) {
                case 40001 -> DEADLOCK;
                case 90131 -> SERIALIZATION; // another transaction changed the row
                case 90067, 90098, 90121 -> LOST; // connection broken; database closed; shutting down
                case 90008, 90012 -> "07001"; // a parameter that is wrong, or not set
                default -> error.getSQLState();
            };
        }

        @Override
        String stripped(String message) {
            int statement = message.indexOf("; SQL statement:");
            return statement < 0 ? message : message.substring(0, statement);
        }

        @Override
        Optional<String> namesOnly(String message, SQLException error) {
            return switch (error.getErrorCode()) {
                case 23502 -> Optional.of(message);
                case 23505 -> first(H2_UNIQUE, message);
                case 23503, 23506 -> first(H2_FOREIGN_KEY, message);
                case 23513 -> first(H2_CHECK, message);
                default -> Optional.empty();
            };
        }
    },

    /** PostgreSQL: the first line names things, the detail below it values. */
    POSTGRESQL {
        @Override
        @Nullable
        String state(SQLException error) {
            String state = error.getSQLState();
            return state != null && state.startsWith("57P") ? LOST : state; // the server ends this session
        }

        @Override
        Optional<String> namesOnly(String message, SQLException error) {
            boolean constraint = String.valueOf(error.getSQLState()).startsWith("23");
            return constraint ? message.lines().findFirst() : Optional.empty();
        }
    },

    /** MariaDB and MySQL: one SQLSTATE for all constraints, numbers of their own. */
    MARIADB {
        @Override
        @Nullable
        String state(SQLException error) {
            return switch (error.getErrorCode()) {
                case 1062, 1169, 1586 -> "23505";
                case 1048, 1263, 1364 -> "23502";
                case 1216, 1217, 1451, 1452 -> "23503";
                case 3819, 4025 -> "23514";
                case 1213 -> DEADLOCK;
                case 1205 -> "55P03";
                case 1317, 1969, 3024 -> "57014";
                default -> error.getSQLState();
            };
        }

        @Override
        Optional<String> namesOnly(String message, SQLException error) {
            return switch (error.getErrorCode()) {
                case 1048, 1263, 1364, 1216, 1217, 1451, 1452, 3819, 4025 -> Optional.of(message);
                case 1062 -> first(MARIADB_UNIQUE, message).map(key -> "duplicate entry" + key);
                default -> Optional.empty();
            };
        }
    };

    private static final String DEADLOCK = "40P01";
    private static final String SERIALIZATION = "40001";
    private static final String LOST = "08006";

    private static final Pattern H2_UNIQUE = Pattern.compile("(?s)^(.*?) VALUES \\(.*");
    private static final Pattern H2_FOREIGN_KEY = Pattern.compile("(?s)^(.*? REFERENCES [^(]*\\([^)]*\\)).*");
    private static final Pattern H2_CHECK = Pattern.compile("(?s)^(Check constraint violation: \"[^:]*).*");
    private static final Pattern MARIADB_UNIQUE = Pattern.compile("(?s).*( for key .*)");

    /** The SQLSTATE as the standard and PostgreSQL have it. */
    abstract @Nullable String state(SQLException error);

    /** What a message about values or constraints says without values; empty if that cannot be told. */
    abstract Optional<String> namesOnly(String message, SQLException error);

    /** The message without what the ORM tells by itself. */
    String stripped(String message) {
        return message;
    }

    private static Optional<String> first(Pattern pattern, String message) {
        Matcher matcher = pattern.matcher(message);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
