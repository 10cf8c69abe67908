package hotswap;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The warnings of the ORM. */
final class LogLines extends Handler {
    /** Held, as java.util.logging forgets loggers that nobody holds. */
    private static final Logger LOGGER = Logger.getLogger("dev.bunary.orm");

    private final List<String> lines = new CopyOnWriteArrayList<>();

    static LogLines listen() {
        var lines = new LogLines();
        LOGGER.addHandler(lines);
        return lines;
    }

    boolean has(String... words) {
        return count(words) > 0;
    }

    long count(String... words) {
        return lines.stream()
                .filter(line -> Arrays.stream(words).allMatch(line::contains))
                .count();
    }

    @Override
    public void publish(LogRecord record) {
        if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
            lines.add(record.getMessage());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public String toString() {
        return lines.toString();
    }
}
