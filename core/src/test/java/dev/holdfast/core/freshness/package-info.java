@NullMarked
package dev.holdfast.core.freshness;

import org.jspecify.annotations.NullMarked;
