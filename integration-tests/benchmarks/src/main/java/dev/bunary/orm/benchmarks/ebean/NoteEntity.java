package dev.bunary.orm.benchmarks.ebean;

import dev.bunary.orm.benchmarks.Note;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of {@code notes}. */
@Entity
@Table(name = "notes")
public class NoteEntity {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;

    @Column(name = "user_id")
    private long userId;

    private String title;
    private String body;
    private int stars;

    static NoteEntity of(Note note) {
        var entity = new NoteEntity();
        entity.userId = note.userId();
        entity.title = note.title();
        entity.body = note.body();
        entity.stars = note.stars();
        return entity;
    }
}
