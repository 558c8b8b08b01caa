/** What of this host would be backed up and why, and what would not and why not: decided from what the engine says, without touching anything. */
@NullMarked
package dev.holdfast.shim.discovery;

import org.jspecify.annotations.NullMarked;
