/** What a restore reads from. */
@NullMarked
package dev.holdfast.shim.restore;

import org.jspecify.annotations.NullMarked;
