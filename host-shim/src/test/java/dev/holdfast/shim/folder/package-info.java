@NullMarked
package dev.holdfast.shim.folder;

import org.jspecify.annotations.NullMarked;
