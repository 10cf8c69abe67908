package dev.bunary.orm.benchmarks;

/** A row of {@code posts}. */
public record Post(long id, long userId, String title, String body) {}
