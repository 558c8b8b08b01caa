@NullMarked
package dev.holdfast.shim.discovery;

import org.jspecify.annotations.NullMarked;
