/** The verbs: back up, restore, check, forget. */
@NullMarked
package dev.holdfast.core.pipeline;

import org.jspecify.annotations.NullMarked;
