/** Parts shared by tests that need a real server. */
@NullMarked
package dev.holdfast.core.testing;

import org.jspecify.annotations.NullMarked;
