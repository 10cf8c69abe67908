package dev.bunary.orm.registry;

/** Whose code has called this library, where several share it. Equal if it is the same one. Its text is for a person. */
public interface Caller {

    /** Whether it still runs. One that has stopped has no say any more. */
    boolean isLive();
}
