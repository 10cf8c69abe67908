/** What the tests and the bundles they install say to each other: types of the JDK only. The framework exports it. */
package dev.bunary.orm.it.felix.probe;
