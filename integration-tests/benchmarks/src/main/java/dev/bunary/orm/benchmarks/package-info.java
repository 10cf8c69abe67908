/** Measures the workloads against hand-written JDBC and other libraries, and the parts on their own. */
@NullMarked
package dev.bunary.orm.benchmarks;

import org.jspecify.annotations.NullMarked;
