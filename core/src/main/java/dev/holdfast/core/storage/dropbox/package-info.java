/** Objects as files of a Dropbox account: {@link dev.holdfast.core.storage.dropbox.DropboxDriver}. */
@NullMarked
package dev.holdfast.core.storage.dropbox;

import org.jspecify.annotations.NullMarked;
