/** The same workloads with Ebean. */
package dev.bunary.orm.benchmarks.ebean;
