package dev.holdfast.core.providers;

import dev.holdfast.core.storage.StorageDriver;
import dev.holdfast.core.storage.StorageSpec;
import dev.holdfast.core.storage.dropbox.DropboxDriver;
import dev.holdfast.core.storage.ftp.FtpDriver;
import dev.holdfast.core.storage.gdrive.GoogleDriveDriver;
import dev.holdfast.core.storage.local.LocalDriver;
import dev.holdfast.core.storage.prefix.PrefixedDriver;
import dev.holdfast.core.storage.s3.S3Driver;
import dev.holdfast.core.storage.sftp.SftpDriver;
import java.io.IOException;
import java.time.Clock;

/** The list of drivers. A spec without a line here does not compile: the switch has no default. */
public final class Providers {
    private Providers() {}

    /**
     * Opens a part of a storage.
     *
     * @param prefix what stands before all its keys, with a slash at its end; empty for the whole storage
     */
    public static StorageDriver open(StorageSpec spec, String prefix) throws IOException {
        if (prefix.isEmpty()) {
            return open(spec);
        }
        StorageDriver whole = open(spec);
        try {
            return new PrefixedDriver(whole, prefix);
        } catch (IllegalArgumentException e) {
            whole.close();
            throw e;
        }
    }

    /** Opens the driver of a spec. The caller closes it. */
    public static StorageDriver open(StorageSpec spec) throws IOException {
        return switch (spec) {
            case StorageSpec.Local(var root) -> new LocalDriver(root);
            case StorageSpec.Sftp sftp -> new SftpDriver(sftp);
            case StorageSpec.Ftp ftp -> new FtpDriver(ftp);
            case StorageSpec.GoogleDrive drive -> new GoogleDriveDriver(drive);
            case StorageSpec.Dropbox dropbox -> new DropboxDriver(dropbox);
            case StorageSpec.S3 bucket -> new S3Driver(bucket, Clock.systemUTC());
        };
    }
}
