/** The shape of the code, kept by tests. */
package dev.bunary.orm.it.architecture;
