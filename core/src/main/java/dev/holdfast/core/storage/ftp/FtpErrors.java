package dev.holdfast.core.storage.ftp;

import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageException.Reason;
import dev.holdfast.core.storage.StorageSpec;
import java.io.IOException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says what a reply or a broken connection means. */
final class FtpErrors {
    private final StorageSpec.Ftp endpoint;

    FtpErrors(StorageSpec.Ftp endpoint) {
        this.endpoint = endpoint;
    }

    /** For messages: host and port. */
    private String where() {
        return (endpoint.host().indexOf(':') >= 0 ? "[" + endpoint.host() + "]" : endpoint.host()) + ":"
                + endpoint.port();
    }

    /**
     * A command that the server refused. A missing name is the caller's to find out first: here 550 and 553 mean that
     * the name is there, or could be made, and may not be used.
     *
     * @param action what was tried, as in "upload of a/b"
     */
    StorageException refused(String action, FtpReply reply) {
        String message = action + " refused by " + where() + ": " + reply.display();
        return switch (reply.code()) {
            case 452, 552 -> full(message);
            case 530 ->
                reply.says("too many", "maximum", "limit")
                        ? new StorageException.Unavailable(
                                message + "; lower the storage's number of connections", null)
                        : new StorageException.Denied(message + "; check user and password", null);
            case 521, 522, 533, 534, 536, 537 ->
                new StorageException.Denied(message + "; check the storage's TLS mode", null);
            case 331, 332, 430, 431, 532 -> new StorageException.Denied(message, null);
            case 550, 553 ->
                saysFull(reply)
                        ? full(message)
                        : new StorageException.Denied(
                                message + "; check permissions on the server"
                                        + (reply.says("tls") ? " and the storage's TLS mode" : ""),
                                null);
            case 500, 501, 502, 503, 504 -> new StorageException.Rejected(Reason.INVALID, message, null);
            // What vsftpd, Pure-FTPd (its statistics, at times) and ProFTPD say when a write to their disk failed:
            // nearly always a full disk. Other answers of 451 pass, such as Pure-FTPd's for a refused rename.
            case 451 ->
                reply.says("failure writing to local file", "measured here", "aborted. input/output error")
                        ? full(message)
                        : byText(message, reply);
            default -> byText(message, reply);
        };
    }

    private static StorageException byText(String message, FtpReply reply) {
        if (saysFull(reply)) {
            return full(message);
        }
        if (reply.says("permission denied")) {
            return new StorageException.Denied(message + "; check permissions on the server", null);
        }
        return switch (reply.code() / 100) {
            case 4 -> new StorageException.Unavailable(message, null);
            case 5, 6 -> new StorageException.Rejected(Reason.INVALID, message, null);
            default -> new StorageException.Corrupt(message + " (an answer that does not fit)", null);
        };
    }

    private static boolean saysFull(FtpReply reply) {
        return reply.says("no space left", "disk full", "quota", "insufficient storage", "not enough space");
    }

    private static StorageException full(String message) {
        return new StorageException.Rejected(
                Reason.FULL, message + "; free or enlarge the server's space or quota", null);
    }

    /** A connection that failed. */
    StorageException broken(String action, IOException cause) {
        if (cause instanceof StorageException already) {
            return already;
        }
        if (isCertificate(cause)) {
            return new StorageException.Denied(
                    "certificate of " + where() + " is not trusted: " + reason(cause)
                            + "; check the host name, renew the certificate, or name its authority in the storage's"
                            + " certificate file",
                    cause);
        }
        if (cause instanceof SSLException) {
            return new StorageException.Unavailable(
                    action + " failed: TLS with " + where() + " broke: " + reason(cause)
                            + "; if it stays so, check that the server offers TLS 1.2 in this TLS mode",
                    cause);
        }
        if (cause instanceof UnknownHostException) {
            return new StorageException.Unavailable(
                    "host " + endpoint.host() + " has no address; check its name", cause);
        }
        return lost(action, reason(cause), cause);
    }

    StorageException.Unavailable lost(String action, String why, @Nullable Throwable cause) {
        return new StorageException.Unavailable(action + " failed: " + where() + ": " + why, cause);
    }

    /** A reply so malformed that Commons Net's parser failed. */
    StorageException nonsense(String action, RuntimeException cause) {
        return new StorageException.Corrupt(action + " failed: " + where() + " sent an answer that is not FTP", cause);
    }

    static boolean isCertificate(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return true;
            }
        }
        return false;
    }

    private static String reason(Throwable cause) {
        @Nullable String message = cause.getMessage();
        String text = message == null ? cause.getClass().getSimpleName() : message;
        return text.replaceAll("\\p{Cntrl}+", " ");
    }
}
