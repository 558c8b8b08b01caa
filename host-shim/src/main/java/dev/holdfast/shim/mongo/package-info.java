/** MongoDB in a container: backup with {@code mongodump}, restore with {@code mongorestore}, both inside the container. */
@NullMarked
package dev.holdfast.shim.mongo;

import org.jspecify.annotations.NullMarked;
