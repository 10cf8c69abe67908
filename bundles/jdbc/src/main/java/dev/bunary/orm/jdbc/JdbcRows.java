package dev.bunary.orm.jdbc;

import dev.bunary.orm.driver.Columns;
import dev.bunary.orm.driver.Values;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The rows of any JDBC result. */
final class JdbcRows implements ResultRows {
    private final ResultSet result;

    JdbcRows(ResultSet result) {
        this.result = result;
    }

    @Override
    public List<String> labels() throws SQLException {
        ResultSetMetaData meta = result.getMetaData();
        var labels = new ArrayList<String>(meta.getColumnCount());
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            labels.add(meta.getColumnLabel(i));
        }
        return labels;
    }

    @Override
    public int columnCount(int known) {
        return known;
    }

    @Override
    public Values values(Columns columns) {
        return new ResultSetRow(result, columns);
    }

    @Override
    public boolean next() throws SQLException {
        return result.next();
    }

    @Override
    public void close() throws SQLException {
        result.close();
    }
}
