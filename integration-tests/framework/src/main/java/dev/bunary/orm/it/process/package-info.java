/** Applications compiled and run in processes of their own, as a user does it. */
package dev.bunary.orm.it.process;
