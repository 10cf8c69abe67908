package dev.bunary.orm.query;

import dev.bunary.orm.driver.Columns;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.InvalidQueryException;
import dev.bunary.orm.driver.RowMapper;
import dev.bunary.orm.driver.RowReader;
import dev.bunary.orm.driver.Values;
import dev.bunary.orm.sql.CompiledStatements;
import dev.bunary.orm.sql.Identifier;
import dev.bunary.orm.sql.SelectSpec;
import dev.bunary.orm.sql.Selected;
import dev.bunary.orm.sql.StatementShape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Leaves columns out: in SQL where the table's columns are known, otherwise while reading, before they are decoded. */
final class Exclusion {
    private Exclusion() {}

    /** The select with an explicit list of what is kept; unchanged if the driver cannot tell the columns. */
    static SelectSpec inSql(SelectSpec spec, DatabaseDriver driver, CompiledStatements compiled) {
        StatementShape.Select shape = spec.shape();
        List<String> known = compiled.columns(shape.table(), driver);
        if (!known.isEmpty() && !known.containsAll(shape.excluded())) {
            known = compiled.askColumns(shape.table(), driver); // the table may have grown since
        }
        if (known.isEmpty()) {
            return spec;
        }
        List<String> kept = kept(shape, known);
        if (!kept.stream().allMatch(Identifier::isPlainColumn)) {
            return spec; // a name with a dot would be taken for two
        }
        return spec.select(kept.stream().map(Selected::column).toList());
    }

    /** A reader that gives another one only the columns that are kept. */
    static <T> RowReader<T> inRows(StatementShape.Select shape, RowReader<T> reader) {
        return columns -> {
            List<String> labels = kept(shape, columns.labels());
            int[] indexes = labels.stream().mapToInt(columns::index).toArray();
            Columns header = Columns.of(labels);
            RowMapper<T> mapper = reader.bind(header);
            return row -> mapper.map(new KeptValues(header, indexes, row));
        };
    }

    private static List<String> kept(StatementShape.Select shape, List<String> known) {
        for (String column : shape.excluded()) {
            if (!known.contains(column)) {
                throw new InvalidQueryException(UnknownColumns.message(column, shape.table(), known));
            }
        }
        List<String> kept = known.stream()
                .filter(column -> !shape.excluded().contains(column))
                .toList();
        if (kept.isEmpty()) {
            throw new InvalidQueryException("exclude leaves no column of table '" + shape.table()
                    + "'; exclude fewer, or use count() or exists()");
        }
        return kept;
    }

    /** A row without the excluded values, which are never asked for. */
    private static final class KeptValues implements Values {
        private final Columns columns;
        private final int[] indexes;
        private final Values row;

        KeptValues(Columns columns, int[] indexes, Values row) {
            this.columns = columns;
            this.indexes = indexes;
            this.row = row;
        }

        @Override
        public Columns columns() {
            return columns;
        }

        @Override
        public @Nullable Object value(int column) {
            return row.value(indexes[column]);
        }

        @Override
        public boolean isNull(int column) {
            return row.isNull(indexes[column]);
        }

        @Override
        public long getLong(int column) {
            return row.getLong(indexes[column]);
        }

        @Override
        public int getInt(int column) {
            return row.getInt(indexes[column]);
        }

        @Override
        public double getDouble(int column) {
            return row.getDouble(indexes[column]);
        }

        @Override
        public boolean getBoolean(int column) {
            return row.getBoolean(indexes[column]);
        }

        @Override
        public String getString(int column) {
            return row.getString(indexes[column]);
        }

        @Override
        public <T> T get(int column, Class<T> type) {
            return row.get(indexes[column], type);
        }
    }
}
