/** JDBC driver bundles swapped under load. */
package dev.bunary.orm.it.datasource;
