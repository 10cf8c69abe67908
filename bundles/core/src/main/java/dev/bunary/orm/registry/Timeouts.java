package dev.bunary.orm.registry;

import java.time.Duration;

/**
 * How long a swap's steps may take.
 *
 * @param acquire how long a caller waits for a driver
 * @param drain how long a leaving driver's work may go on
 * @param open how long a factory may take
 */
public record Timeouts(Duration acquire, Duration drain, Duration open) {}
