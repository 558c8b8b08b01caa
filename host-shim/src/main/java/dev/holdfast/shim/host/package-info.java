/** What a host keeps: its keys, storages and catalog. */
@NullMarked
package dev.holdfast.shim.host;

import org.jspecify.annotations.NullMarked;
