@NullMarked
package dev.holdfast.shim.mongo;

import org.jspecify.annotations.NullMarked;
