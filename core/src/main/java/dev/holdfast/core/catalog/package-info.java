/** What is known of backups while and after they run, and the leases that keep two runs apart. */
@NullMarked
package dev.holdfast.core.catalog;

import org.jspecify.annotations.NullMarked;
