/** Whether the promised age of backups is kept. Pure: values come in, a verdict comes out; no clock and no storage is read. */
@NullMarked
package dev.holdfast.core.freshness;

import org.jspecify.annotations.NullMarked;
