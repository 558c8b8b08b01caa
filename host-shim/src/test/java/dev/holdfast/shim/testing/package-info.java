/** Real containers for tests. */
@NullMarked
package dev.holdfast.shim.testing;

import org.jspecify.annotations.NullMarked;
