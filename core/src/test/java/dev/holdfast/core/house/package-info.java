/** Tests that keep the house tidy. */
@NullMarked
package dev.holdfast.core.house;

import org.jspecify.annotations.NullMarked;
