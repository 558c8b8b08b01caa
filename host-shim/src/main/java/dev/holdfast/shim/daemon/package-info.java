/** {@code holdfast daemon}: plans what is due, starts it, settles what was left, and says when something is wrong. */
@NullMarked
package dev.holdfast.shim.daemon;

import org.jspecify.annotations.NullMarked;
