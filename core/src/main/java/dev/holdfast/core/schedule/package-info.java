/** When a source is due. Pure: every instant comes in, no clock is read. */
@NullMarked
package dev.holdfast.core.schedule;

import org.jspecify.annotations.NullMarked;
