package dev.bunary.orm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WhereTest {
    private static final Predicate A = new Predicate.Comparison("a", Operator.EQUAL);
    private static final Predicate B = new Predicate.Comparison("b", Operator.NOT_NULL);

    @Test
    void equals_sameConditions_areEqualWithEqualHashes() {
        Where one = Where.NONE.and(A).or(B).and(Where.NONE.and(B));
        Where two = Where.NONE.or(A).or(B).and(Where.NONE.or(B));

        assertEquals(one, two);
        assertEquals(one.hashCode(), two.hashCode());
    }

    @Test
    void equals_otherConditions_differ() {
        List<Where> all = List.of(
                Where.NONE,
                Where.NONE.and(A),
                Where.NONE.and(B),
                Where.NONE.and(A).and(B),
                Where.NONE.and(A).or(B),
                Where.NONE.and(B).and(A),
                Where.NONE.and(A).and(B).and(B),
                Where.NONE.and(Where.NONE.and(A)),
                Where.NONE.and(new Predicate.Comparison("a", Operator.LESS)),
                Where.NONE.and(new Predicate.Comparison("b", Operator.NULL)),
                Where.NONE.and(new Predicate.Comparison("a", Operator.IN, 1)),
                Where.NONE.and(new Predicate.Comparison("a", Operator.IN, 2)),
                Where.NONE.and(new Predicate.Comparison("a", Operator.BETWEEN)));
        for (int i = 0; i < all.size(); i++) {
            for (int j = 0; j < all.size(); j++) {
                if (i != j) {
                    assertNotEquals(all.get(i), all.get(j), i + " and " + j);
                }
            }
        }
    }

    @Test
    void chain_ofAHundredThousand_needsNoDeepStack() {
        Where one = Where.NONE;
        Where two = Where.NONE;
        for (int i = 0; i < 100_000; i++) {
            one = one.and(A);
            two = two.and(A);
        }
        assertEquals(one, two);
        assertEquals(one.hashCode(), two.hashCode());
        assertEquals(100_000, one.steps().size());
    }

    @Test
    void narrowedBy_withoutOr_needsNoParentheses() {
        assertEquals(Where.NONE.and(A).and(B), Where.NONE.and(A).narrowedBy(B));
        assertEquals(Where.NONE.and(B), Where.NONE.narrowedBy(B));
        assertEquals(
                Where.NONE.and(Where.NONE.and(A).or(A)).and(B),
                Where.NONE.and(A).or(A).narrowedBy(B));
    }

    @Test
    void collectColumns_ofGroups_findsAll() {
        var columns = new ArrayList<String>();
        Where.NONE.and(A).and(Where.NONE.and(B)).collectColumns(columns);

        assertEquals(List.of("a", "b"), columns);
        assertTrue(Where.NONE.isEmpty());
        assertFalse(Where.NONE.and(A).isEmpty());
    }
}
