package dev.bunary.orm.soak;

import dev.bunary.orm.Orm;
import dev.bunary.orm.driver.Row;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The queries of README.md, shown with what they give. */
final class ReadmeQueries {
    private final Orm orm;
    private final Consumer<String> out;

    ReadmeQueries(Orm orm, Consumer<String> out) {
        this.orm = orm;
        this.out = out;
    }

    void run() {
        out.accept("Queries");
        reads();
        writes();
    }

    private void reads() {
        show("table(\"users\").find(1)", orm.table("users").find(1).orElseThrow());
        show(
                "table(\"users\").select(\"name\", \"age\").where(\"age\", \">=\", 18).orderBy(\"name\").limit(10).all()",
                orm.table("users")
                        .select("name", "age")
                        .where("age", ">=", 18)
                        .orderBy("name")
                        .limit(10)
                        .all());
        show(
                "table(\"users\").exclude(\"created_at\").where(\"name\", \"like\", \"Ada%\").orWhere(\"age\", 18).first()",
                orm.table("users")
                        .exclude("created_at")
                        .where("name", "like", "Ada%")
                        .orWhere("age", 18)
                        .first()
                        .orElseThrow());
        show(
                "table(\"posts\").whereIn(\"user_id\", List.of(1, 2, 3)).count()",
                orm.table("posts").whereIn("user_id", List.of(1, 2, 3)).count());
        try (Stream<Row> posts = orm.table("posts").whereBetween("id", 10, 19).stream()) {
            show(
                    "table(\"posts\").whereBetween(\"id\", 10, 19).stream() -> sum of user_id",
                    posts.mapToLong(post -> post.getLong("user_id")).sum());
        }
    }

    private void writes() {
        show("transaction(tx -> insertGetId(...), update(...), delete())", orm.transaction(tx -> {
            Object id = orm.table("posts")
                    .insertGetId(
                            Map.of("user_id", 1, "title", "Draft", "body", "", "created_at", "2026-11-23T00:00:00Z"));
            long updated = orm.table("posts").where("id", id).update(Map.of("title", "Done"));
            long deleted = orm.table("posts").where("id", id).delete();
            return "id " + id + ", updated " + updated + ", deleted " + deleted;
        }));
    }

    private void show(String query, Object answer) {
        out.accept("  " + query);
        out.accept("     " + (answer instanceof Row row ? row.toMap() : shown(answer)));
    }

    private static Object shown(Object answer) {
        return answer instanceof List<?> list
                ? list.stream()
                        .map(element -> element instanceof Row row ? row.toMap() : element)
                        .toList()
                : answer;
    }
}
