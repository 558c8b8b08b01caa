/** Tells people what is wrong, once, and when it is over. What to tell is decided purely; sending never throws into a backup. */
@NullMarked
package dev.holdfast.core.notify;

import org.jspecify.annotations.NullMarked;
