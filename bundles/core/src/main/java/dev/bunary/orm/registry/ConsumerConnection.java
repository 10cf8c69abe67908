package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.TransactionCallback;
import dev.bunary.orm.driver.TransactionOptions;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A connection as one consumer sees it: what stays open is entered in its scope. Safe for use by many threads. */
public final class ConsumerConnection implements LeaseSource {
    private final DriverSlot slot;
    private final ConsumerScope scope;
    private final AtomicReference<@Nullable DriverHandle> handle = new AtomicReference<>();

    ConsumerConnection(DriverSlot slot, ConsumerScope scope) {
        this.slot = slot;
        this.scope = scope;
    }

    @Override
    public String connection() {
        return slot.connection();
    }

    @Override
    public Lease acquire() {
        scope.requireOpen(slot);
        return slot.acquire();
    }

    @Override
    public Lease pin() {
        scope.requireOpen(slot);
        return slot.pin();
    }

    @Override
    public @Nullable ConsumerScope scope() {
        return slot.isInTransaction() ? null : scope;
    }

    /** The cached handle, as {@link DriverSlot#driver}: the same while the connection's is. */
    public DatabaseDriver driver() {
        scope.requireOpen(slot);
        DriverHandle shared = (DriverHandle) slot.driver();
        DriverHandle known = handle.get();
        while (known == null || !known.isLike(shared)) {
            handle.compareAndSet(known, shared.within(scope));
            known = handle.get();
        }
        return known;
    }

    /** Runs a transaction, as {@link DriverSource#transaction}. */
    public <T extends @Nullable Object> T transaction(TransactionOptions options, TransactionCallback<T> work) {
        scope.requireOpen(slot);
        return slot.transaction(options, work);
    }
}
