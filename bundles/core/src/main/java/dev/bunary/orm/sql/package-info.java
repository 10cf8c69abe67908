/** Queries as values, and the compilers that turn them into SQL text. */
package dev.bunary.orm.sql;
