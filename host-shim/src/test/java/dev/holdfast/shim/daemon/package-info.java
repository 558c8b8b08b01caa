@NullMarked
package dev.holdfast.shim.daemon;

import org.jspecify.annotations.NullMarked;
