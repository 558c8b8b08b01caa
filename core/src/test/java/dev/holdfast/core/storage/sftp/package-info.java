@NullMarked
package dev.holdfast.core.storage.sftp;

import org.jspecify.annotations.NullMarked;
