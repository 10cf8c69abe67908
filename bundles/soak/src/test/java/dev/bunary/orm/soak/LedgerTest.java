package dev.bunary.orm.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.soak.Ledger.Audit;
import dev.bunary.orm.soak.Ledger.Part;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LedgerTest {
    private final Ledger ledger = new Ledger(2);

    @BeforeEach
    void acknowledgeASingleWriteAndATransaction() {
        ledger.page(0).single(0);
        ledger.page(1).pair(0);
    }

    @Test
    void audit_everythingThere_agrees() {
        Audit audit = ledger.audit(List.of(new Part(1, 0, 2), new Part(0, 0, 1), new Part(1, 0, 1)));

        assertEquals(new Audit(3, 3, 0, 0, 0, 0), audit);
        assertTrue(audit.agrees());
    }

    @Test
    void audit_aWriteIsMissing_isLost() {
        Audit audit = ledger.audit(List.of(new Part(1, 0, 1), new Part(1, 0, 2)));

        assertEquals(1, audit.lost());
        assertFalse(audit.agrees());
    }

    @Test
    void audit_aWriteIsThereTwice_isDoubled() {
        Audit audit = ledger.audit(List.of(new Part(0, 0, 1), new Part(0, 0, 1), new Part(1, 0, 1), new Part(1, 0, 2)));

        assertEquals(1, audit.doubled());
        assertEquals(4, audit.found());
        assertFalse(audit.agrees());
    }

    @Test
    void audit_halfATransaction_isLostAndTorn() {
        Audit audit = ledger.audit(List.of(new Part(0, 0, 1), new Part(1, 0, 1)));

        assertEquals(1, audit.lost());
        assertEquals(1, audit.torn());
    }

    @Test
    void audit_halfOfATransactionThatFailed_isTornAndUnacknowledged() {
        Audit audit = ledger.audit(List.of(new Part(0, 0, 1), new Part(1, 0, 1), new Part(1, 0, 2), new Part(1, 1, 2)));

        assertEquals(0, audit.lost());
        assertEquals(1, audit.torn());
        assertEquals(1, audit.unacknowledged());
    }

    @Test
    void audit_aWriteWhoseWriterWasToldOfAFailure_isUnacknowledged() {
        Audit audit = ledger.audit(List.of(new Part(0, 0, 1), new Part(0, 1, 1), new Part(1, 0, 1), new Part(1, 0, 2)));

        assertEquals(1, audit.unacknowledged());
        assertFalse(audit.agrees());
    }

    @Test
    void next_givesEachNumberOnce() {
        Ledger.Page page = new Ledger(1).page(0);

        assertEquals(List.of(0, 1, 2), List.of(page.next(), page.next(), page.next()));
    }
}
