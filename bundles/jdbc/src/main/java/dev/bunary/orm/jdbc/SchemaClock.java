package dev.bunary.orm.jdbc;

/** Counts the changes of the schema made through one driver, so that labels are read again only after one. */
final class SchemaClock {
    private volatile int now;

    int now() {
        return now;
    }

    synchronized void tick() {
        now++;
    }
}
