package dev.bunary.orm.benchmarks;

/** A row to be inserted into {@code notes}, whose key the database makes. */
public record Note(long userId, String title, String body, int stars) {

    static Note numbered(int i) {
        return new Note(1 + i % Database.USERS, "Note " + i, "What there is to say about " + i, i % 6);
    }
}
