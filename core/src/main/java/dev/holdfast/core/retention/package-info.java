/** Which snapshots are kept, and why. Pure: the plan is a value. */
@NullMarked
package dev.holdfast.core.retention;

import org.jspecify.annotations.NullMarked;
