package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.OrmException;
import java.util.function.Function;

/**
 * A lease taken while its generation drains, by a thread that holds a pinned lease of the same retirement. It needs no
 * count: the pinned lease it keeps alive holds the whole retirement back.
 */
final class NestedLease implements HeldLease {
    private final Generation generation;
    private final PinnedLease root;

    NestedLease(Generation generation, PinnedLease root) {
        this.generation = generation;
        this.root = root;
    }

    @Override
    public Generation generation() {
        return generation;
    }

    @Override
    public PinnedLease root() {
        return root;
    }

    @Override
    public DatabaseDriver driver() {
        return generation.driver();
    }

    @Override
    public <T> T derived(Object key, Function<DatabaseDriver, T> make) {
        return generation.derived(key, make);
    }

    @Override
    public RuntimeException explain(OrmException failure) {
        return root.isAbandoned() ? generation.explainAbandoned(failure, false) : generation.explain(failure);
    }

    @Override
    public RuntimeException explainRead(OrmException failure) {
        return root.isAbandoned() ? generation.explainAbandoned(failure, true) : generation.explainRead(failure);
    }

    @Override
    public void release() {
        root.release();
    }
}
