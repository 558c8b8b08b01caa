@NullMarked
package dev.holdfast.core.notify;

import org.jspecify.annotations.NullMarked;
