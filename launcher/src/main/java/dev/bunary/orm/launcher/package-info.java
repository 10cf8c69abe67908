/** The command line: boots Felix, runs the demo, and serves with a drop-in folder of drivers. */
@NullMarked
package dev.bunary.orm.launcher;

import org.jspecify.annotations.NullMarked;
