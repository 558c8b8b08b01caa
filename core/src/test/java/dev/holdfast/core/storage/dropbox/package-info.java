/** The Dropbox driver against a server that refuses what Dropbox refuses. */
@NullMarked
package dev.holdfast.core.storage.dropbox;

import org.jspecify.annotations.NullMarked;
