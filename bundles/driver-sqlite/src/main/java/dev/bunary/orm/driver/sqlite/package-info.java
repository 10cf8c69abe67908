/** The SQLite driver: files and {@code :memory:}, through sqlite-jdbc. */
@NullMarked
package dev.bunary.orm.driver.sqlite;

import org.jspecify.annotations.NullMarked;
