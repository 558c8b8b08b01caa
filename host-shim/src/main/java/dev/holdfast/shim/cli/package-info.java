/** The command line: {@code holdfast}. */
@NullMarked
package dev.holdfast.shim.cli;

import org.jspecify.annotations.NullMarked;
