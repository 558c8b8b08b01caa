/** Docker from the host's side: containers, commands inside them, and streams whose end is a promise. */
@NullMarked
package dev.holdfast.shim.docker;

import org.jspecify.annotations.NullMarked;
