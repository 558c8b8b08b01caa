/** Objects on an FTP server, in the clear or under TLS: {@link dev.holdfast.core.storage.ftp.FtpDriver}. */
@NullMarked
package dev.holdfast.core.storage.ftp;

import org.jspecify.annotations.NullMarked;
