package dev.bunary.orm.benchmarks.hibernate;

import dev.bunary.orm.benchmarks.Note;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.concurrent.atomic.AtomicLong;

/** A row of {@code notes}. Its key is from the program: with IDENTITY Hibernate sends each insert by itself. */
@Entity
@Table(name = "notes")
public class NoteEntity {
    private static final AtomicLong KEYS = new AtomicLong();

    @Id
    private long id;

    @Column(name = "user_id")
    private long userId;

    private String title;
    private String body;
    private int stars;

    static NoteEntity of(Note note) {
        var entity = new NoteEntity();
        entity.id = KEYS.incrementAndGet();
        entity.userId = note.userId();
        entity.title = note.title();
        entity.body = note.body();
        entity.stars = note.stars();
        return entity;
    }
}
