/** The bundles in a bare framework: the framework's jar, ours and sqlite-jdbc, nothing else. */
package dev.bunary.orm.it.felix;
