/** Identifiers and measures, as records that validate themselves. */
@NullMarked
package dev.holdfast.core.model;

import org.jspecify.annotations.NullMarked;
