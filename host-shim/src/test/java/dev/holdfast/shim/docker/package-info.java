@NullMarked
package dev.holdfast.shim.docker;

import org.jspecify.annotations.NullMarked;
