/** Objects as files below a folder of an SFTP server, over sshj; host keys are always verified. */
@NullMarked
package dev.holdfast.core.storage.sftp;

import org.jspecify.annotations.NullMarked;
