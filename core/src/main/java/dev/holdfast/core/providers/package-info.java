/** Opens any storage from its spec: the only place that names every driver. */
@NullMarked
package dev.holdfast.core.providers;

import org.jspecify.annotations.NullMarked;
