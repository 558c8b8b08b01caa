package dev.holdfast.core.storage.sftp;

import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageException.Reason;
import net.schmizz.sshj.sftp.SFTPException;

/** What an answer of refusal means to callers of a storage. */
final class SftpErrors {
    private SftpErrors() {}

    /** @param what the attempt, as in {@code "write x"} */
    static StorageException of(SFTPException answer, String what) {
        return switch (answer.getStatusCode()) {
            case PERMISSION_DENIED, WRITE_PROTECT, CANNOT_DELETE ->
                new StorageException.Denied(
                        "the SFTP server does not permit to " + what + ": check the user's rights there", answer);
            case NO_SPACE_ON_FILESYSTEM, QUOTA_EXCEEDED -> full(answer, what);
            case NO_CONNECTION, CONNECITON_LOST, UNKNOWN ->
                new StorageException.Unavailable("cannot " + what + ": " + words(answer), answer);
            case LOCK_CONFLICT ->
                new StorageException.Rejected(Reason.LOCKED, "cannot " + what + ": " + words(answer), answer);
            // the protocol's "Failure" says no more; there is nothing to gain from the same request again
            default ->
                new StorageException.Rejected(
                        Reason.INVALID, "the SFTP server refused to " + what + ": " + words(answer), answer);
        };
    }

    static StorageException full(SFTPException answer, String what) {
        return new StorageException.Rejected(
                Reason.FULL,
                "cannot " + what + ": the SFTP server's disk is full or a quota is reached; free space there",
                answer);
    }

    static String words(Throwable e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }
}
