/** Queries as values, and the compilers that turn them into SQL text. */
@NullMarked
package dev.bunary.orm.sql;

import org.jspecify.annotations.NullMarked;
