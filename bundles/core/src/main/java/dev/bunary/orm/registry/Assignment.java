package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseConfig;

/**
 * Which factory is to open a driver for which connection.
 *
 * @param number of the generation that comes of it; 0 for a driver that is not cached
 */
record Assignment(String connection, long number, Candidate candidate, DatabaseConfig config) {}
