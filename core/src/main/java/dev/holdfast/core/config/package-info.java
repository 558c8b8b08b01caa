/** What {@code holdfast.yaml} says, as values that are whole and valid. */
@NullMarked
package dev.holdfast.core.config;

import org.jspecify.annotations.NullMarked;
