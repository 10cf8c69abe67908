/** The same workloads with Hibernate. */
package dev.bunary.orm.benchmarks.hibernate;
