/** What a test asks of the consumer bundle; loaded by the tests and shared with it. */
package dev.bunary.orm.it.datasource.probe;
