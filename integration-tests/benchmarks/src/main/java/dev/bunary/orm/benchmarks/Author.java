package dev.bunary.orm.benchmarks;

import java.util.List;

/** A user with the posts. */
public record Author(User user, List<Post> posts) {}
