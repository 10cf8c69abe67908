package dev.bunary.orm.benchmarks.ebean;

import dev.bunary.orm.benchmarks.User;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of {@code users}. */
@Entity
@Table(name = "users")
public class UserEntity {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;

    private String name;
    private String email;
    private int age;
    private double score;
    private String created;

    public Long getId() {
        return id;
    }

    User plain() {
        return new User(id, name, email, age, score, created);
    }
}
