package dev.bunary.orm;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** All that a run lets out: every line of every logger, with stack traces, and what the test adds. */
final class Heard extends Handler {
    /** Held, as java.util.logging forgets loggers, and their levels, that nobody holds. */
    private final List<Logger> loggers = List.of(Logger.getLogger(""), Logger.getLogger("dev.bunary.orm"));

    private final List<Level> levels = loggers.stream().map(Logger::getLevel).toList();
    private final List<String> texts = new CopyOnWriteArrayList<>();

    Heard() {
        loggers.forEach(logger -> logger.setLevel(Level.ALL));
        loggers.get(0).addHandler(this);
    }

    void add(Object said) {
        texts.add(String.valueOf(said));
    }

    /** What is printed of an exception, and what it answers. */
    void add(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        texts.add(text.toString());
        texts.add(thrown + " " + thrown.getMessage() + " " + thrown.getLocalizedMessage());
    }

    String all() {
        return String.join(System.lineSeparator(), texts);
    }

    @Override
    public void publish(LogRecord line) {
        texts.add(line.getLevel() + " " + line.getLoggerName() + ": " + line.getMessage());
        if (line.getParameters() != null) {
            texts.add(List.of(line.getParameters()).toString());
        }
        if (line.getThrown() != null) {
            add(line.getThrown());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        loggers.get(0).removeHandler(this);
        for (int i = 0; i < levels.size(); i++) {
            loggers.get(i).setLevel(levels.get(i));
        }
    }
}
