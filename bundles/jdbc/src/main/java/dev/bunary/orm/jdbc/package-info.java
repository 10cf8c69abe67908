/**
 * The base of every JDBC driver: statements, their cache, row reading, transactions and error mapping.
 *
 * <p>A driver hands {@link dev.bunary.orm.jdbc.JdbcDriver} two things of its own: a
 * {@link dev.bunary.orm.jdbc.SessionSource} that lends connections, and a {@link dev.bunary.orm.jdbc.JdbcPlatform} that
 * knows what is special about the database.
 */
@Export
@Version("1.0.0")
@NullMarked
package dev.bunary.orm.jdbc;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
