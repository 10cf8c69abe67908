package dev.bunary.orm.benchmarks.hibernate;

import dev.bunary.orm.benchmarks.Post;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of {@code posts}. */
@Entity
@Table(name = "posts")
public class PostEntity {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;

    @Column(name = "user_id")
    private long userId;

    private String title;
    private String body;

    public long getUserId() {
        return userId;
    }

    Post plain() {
        return new Post(id, userId, title, body);
    }
}
