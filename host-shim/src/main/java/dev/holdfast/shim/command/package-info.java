/** Streams that come from standard input or from a command of the host. */
@NullMarked
package dev.holdfast.shim.command;

import org.jspecify.annotations.NullMarked;
