@NullMarked
package dev.holdfast.shim.postgres;

import org.jspecify.annotations.NullMarked;
