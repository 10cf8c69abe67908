/** The engine: which factory serves a connection, and how its driver is swapped under load. Knows no framework. */
package dev.bunary.orm.registry;
