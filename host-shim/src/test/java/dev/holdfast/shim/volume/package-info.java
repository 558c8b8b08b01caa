@NullMarked
package dev.holdfast.shim.volume;

import org.jspecify.annotations.NullMarked;
