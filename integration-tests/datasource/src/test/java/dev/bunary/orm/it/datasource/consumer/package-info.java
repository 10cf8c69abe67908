/** A bundle like a user's: it takes the {@code Orm} service. Packed by the tests. */
package dev.bunary.orm.it.datasource.consumer;
