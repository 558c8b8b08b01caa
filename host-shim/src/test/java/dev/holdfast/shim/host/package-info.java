@NullMarked
package dev.holdfast.shim.host;

import org.jspecify.annotations.NullMarked;
