package dev.bunary.orm.registry;

/** A stream of rows that is open, as others than its reader see it. */
interface OpenStream {

    /**
     * Closes it and ends its lease, on any thread; its reader gets an error from now on. Does nothing if it has ended.
     *
     * @param reason what the error says after the connection's name
     */
    void revoke(String reason);
}
