package dev.bunary.orm.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The same by JDBC alone: what Java and the JDBC driver need to start, whatever is built on them. */
final class FirstJdbcQuery {
    private FirstJdbcQuery() {}

    /** The file. */
    public static void main(String[] args) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + args[0]);
                PreparedStatement find = connection.prepareStatement("SELECT * FROM users WHERE id = ?")) {
            find.setLong(1, 1);
            try (ResultSet row = find.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("the row is not there");
                }
            }
            FirstQuery.tell();
        }
    }
}
