package dev.bunary.orm.benchmarks;

/** A row of {@code users}. */
public record User(long id, String name, String email, int age, double score, String created) {}
