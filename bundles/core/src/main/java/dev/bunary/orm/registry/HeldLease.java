package dev.bunary.orm.registry;

/** A lease that is an object: pinned itself, or taken inside a pinned one. */
interface HeldLease extends Lease {
    Generation generation();

    /** The pinned lease that holds a swap back. */
    PinnedLease root();
}
