/** What to back up: named streams whose end of file is a promise. */
@NullMarked
package dev.holdfast.core.source;

import org.jspecify.annotations.NullMarked;
