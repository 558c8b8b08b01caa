@NullMarked
package dev.holdfast.core.storage.ftp;

import org.jspecify.annotations.NullMarked;
