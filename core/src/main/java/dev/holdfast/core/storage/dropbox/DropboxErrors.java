package dev.holdfast.core.storage.dropbox;

import com.dropbox.core.AccessErrorException;
import com.dropbox.core.BadRequestException;
import com.dropbox.core.BadResponseCodeException;
import com.dropbox.core.BadResponseException;
import com.dropbox.core.DbxException;
import com.dropbox.core.InvalidAccessTokenException;
import com.dropbox.core.NetworkIOException;
import com.dropbox.core.PathRootErrorException;
import com.dropbox.core.oauth.DbxOAuthError;
import com.dropbox.core.oauth.DbxOAuthException;
import com.dropbox.core.v2.auth.AuthError;
import com.dropbox.core.v2.files.DeleteErrorException;
import com.dropbox.core.v2.files.DownloadErrorException;
import com.dropbox.core.v2.files.GetMetadataErrorException;
import com.dropbox.core.v2.files.ListFolderContinueErrorException;
import com.dropbox.core.v2.files.ListFolderErrorException;
import com.dropbox.core.v2.files.LookupError;
import com.dropbox.core.v2.files.UploadErrorException;
import com.dropbox.core.v2.files.UploadSessionAppendErrorException;
import com.dropbox.core.v2.files.UploadSessionFinishErrorException;
import com.dropbox.core.v2.files.UploadSessionStartErrorException;
import com.dropbox.core.v2.files.WriteError;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageException.Corrupt;
import dev.holdfast.core.storage.StorageException.Denied;
import dev.holdfast.core.storage.StorageException.Reason;
import dev.holdfast.core.storage.StorageException.Rejected;
import dev.holdfast.core.storage.StorageException.Unavailable;
import java.io.IOException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Says what a failure means: which of the four kinds it is, in one sentence, with what to do about it. Codes as in the
 * HTTP documentation ("Errors") and the API specification (files.stone, auth.stone).
 */
final class DropboxErrors {
    private static final Pattern SUMMARY = Pattern.compile("\"error_summary\"\\s*:\\s*\"([a-z_/.]{1,200})");

    private DropboxErrors() {}

    /** The text of an answer, read when a message needs it. */
    @FunctionalInterface
    interface Text {
        String read() throws IOException;
    }

    /**
     * Refuses an answer that says "later". Done here and not by the SDK, which takes one without a Retry-After header, or
     * with a page of HTML, for a malformed one.
     *
     * @throws Unavailable with the wait that was asked for
     */
    static void requireAvailable(int status, Map<String, List<String>> headers, Text text) throws IOException {
        if (status != 429 && (status < 500 || status == 501 || status == 507)) {
            return;
        }
        Matcher summary = SUMMARY.matcher(text.read());
        String reason = "status " + status + (summary.find() ? " " + summary.group(1) : "");
        Optional<Duration> wait = Optional.ofNullable(headers.get("Retry-After"))
                .map(List::getFirst)
                .map(String::strip)
                .filter(seconds -> seconds.matches("[0-9]{1,6}"))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
        throw wait.map(asked -> new Unavailable(
                        "Dropbox is busy (" + reason + ") and asks to wait " + asked.toSeconds() + " s", asked, null))
                .orElseGet(() -> new Unavailable("Dropbox is busy or failing (" + reason + "); try again later", null));
    }

    /** Whether a path was looked up and is no file: it is absent, or is a folder. */
    static boolean isNoFile(DbxException e) {
        return lookup(e)
                .filter(error -> error.isNotFound() || error.isNotFile() || error.isNotFolder())
                .isPresent();
    }

    private static Optional<LookupError> lookup(DbxException e) {
        return switch (e) {
            case GetMetadataErrorException g when g.errorValue.isPath() -> Optional.of(g.errorValue.getPathValue());
            case DownloadErrorException d when d.errorValue.isPath() -> Optional.of(d.errorValue.getPathValue());
            case ListFolderErrorException l when l.errorValue.isPath() -> Optional.of(l.errorValue.getPathValue());
            case ListFolderContinueErrorException c
            when c.errorValue.isPath() -> Optional.of(c.errorValue.getPathValue());
            case DeleteErrorException d
            when d.errorValue.isPathLookup() -> Optional.of(d.errorValue.getPathLookupValue());
            default -> Optional.empty();
        };
    }

    /** @param action what was tried, such as {@code put packs/1} */
    static StorageException of(DbxException e, String action) {
        String what = "cannot " + action + " (Dropbox): ";
        Optional<StorageException> classified = causes(e)
                .filter(StorageException.class::isInstance)
                .map(StorageException.class::cast)
                .findFirst();
        if (classified.isPresent()) {
            return withAction(classified.get(), what);
        }
        return lookup(e).map(error -> ofLookup(error, what, e)).orElseGet(() -> switch (e) {
            case UploadErrorException u -> ofUpload(u, what);
            case UploadSessionStartErrorException s ->
                switch (s.errorValue) {
                    case CONTENT_HASH_MISMATCH -> changed(what, e);
                    default -> invalid(what, s.errorValue.toString(), e);
                };
            case UploadSessionAppendErrorException a -> ofAppend(a, what);
            case UploadSessionFinishErrorException f -> ofFinish(f, what);
            case DeleteErrorException d -> ofDelete(d, what);
            case ListFolderContinueErrorException c
            when c.errorValue.isReset() ->
                new Unavailable(what + "the listing was invalidated while it was read; try again", e);
            case DbxOAuthException o -> ofLogin(o, what);
            case InvalidAccessTokenException t -> ofToken(t, what);
            case AccessErrorException a -> new Denied(what + "the account does not allow it: " + a.getAccessError(), e);
            case PathRootErrorException p -> new Denied(what + "the account's root folder has changed", e);
            case BadResponseCodeException c -> invalid(what, "status " + c.getStatusCode(), e);
            case BadResponseException b ->
                new Corrupt(what + "the answer is not one of Dropbox's; check for a proxy between", e);
            case BadRequestException b -> ofBadRequest(b, what);
            case NetworkIOException n -> unanswered(n, what);
            default -> invalid(what, said(e), e);
        });
    }

    /** The failure of a stream that was being read. */
    static StorageException ofStream(IOException e, String key) {
        return e instanceof StorageException known ? known : unanswered(e, "download of " + key + " broke off: ");
    }

    private static StorageException withAction(StorageException e, String what) {
        String message = what + e.getMessage();
        return switch (e) {
            case Unavailable u ->
                u.retryAfter()
                        .map(wait -> new Unavailable(message, wait, u))
                        .orElseGet(() -> new Unavailable(message, u));
            case Denied d -> new Denied(message, d);
            case Rejected r -> new Rejected(r.reason(), message, r);
            case Corrupt c -> new Corrupt(message, c);
        };
    }

    private static StorageException ofLookup(LookupError error, String what, DbxException e) {
        return switch (error.tag()) {
            case RESTRICTED_CONTENT -> new Denied(what + "Dropbox has restricted this content", e);
            case LOCKED -> new Rejected(Reason.LOCKED, what + "the file is locked", e);
            case MALFORMED_PATH -> invalid(what, "the path is not allowed", e);
            default -> invalid(what, error.tag().toString(), e);
        };
    }

    private static StorageException ofUpload(UploadErrorException e, String what) {
        return switch (e.errorValue.tag()) {
            case PATH -> ofWrite(e.errorValue.getPathValue().getReason(), what, e);
            case CONTENT_HASH_MISMATCH -> changed(what, e);
            default -> invalid(what, e.errorValue.tag().toString(), e);
        };
    }

    private static StorageException ofAppend(UploadSessionAppendErrorException e, String what) {
        return switch (e.errorValue.tag()) {
            case CONTENT_HASH_MISMATCH -> changed(what, e);
            case NOT_FOUND, INCORRECT_OFFSET, CLOSED -> lostSession(what, e);
            default -> invalid(what, e.errorValue.tag().toString(), e);
        };
    }

    private static StorageException ofFinish(UploadSessionFinishErrorException e, String what) {
        return switch (e.errorValue.tag()) {
            case PATH -> ofWrite(e.errorValue.getPathValue(), what, e);
            case CONTENT_HASH_MISMATCH -> changed(what, e);
            case TOO_MANY_WRITE_OPERATIONS -> busy(what, e);
            case LOOKUP_FAILED ->
                switch (e.errorValue.getLookupFailedValue().tag()) {
                    case NOT_FOUND, INCORRECT_OFFSET, CLOSED, NOT_CLOSED -> lostSession(what, e);
                    default ->
                        invalid(what, e.errorValue.getLookupFailedValue().tag().toString(), e);
                };
            default -> invalid(what, e.errorValue.tag().toString(), e);
        };
    }

    private static StorageException ofDelete(DeleteErrorException e, String what) {
        return switch (e.errorValue.tag()) {
            case PATH_WRITE ->
                e.errorValue.getPathWriteValue().isConflict()
                        ? new Unavailable(what + "the file was changed meanwhile; try again", e)
                        : ofWrite(e.errorValue.getPathWriteValue(), what, e);
            case TOO_MANY_WRITE_OPERATIONS -> busy(what, e);
            default -> invalid(what, e.errorValue.tag().toString(), e);
        };
    }

    private static StorageException ofWrite(WriteError error, String what, DbxException e) {
        return switch (error.tag()) {
            case CONFLICT ->
                switch (error.getConflictValue()) {
                    case FILE ->
                        new Rejected(Reason.EXISTS, what + "an object with this name exists and is not replaced", e);
                    case FOLDER -> invalid(what, "there is a folder with this name", e);
                    case FILE_ANCESTOR -> invalid(what, "a part of the path is a file", e);
                    case OTHER -> invalid(what, "something is in the way", e);
                };
            case INSUFFICIENT_SPACE -> new Rejected(Reason.FULL, what + "the account is full; free or buy space", e);
            case TOO_MANY_WRITE_OPERATIONS -> busy(what, e);
            case NO_WRITE_PERMISSION, ACCESS_RESTRICTED ->
                new Denied(what + "the account may not write into this folder; check its sharing", e);
            case DISALLOWED_NAME, MALFORMED_PATH -> invalid(what, "the name is not allowed", e);
            default -> invalid(what, error.tag().toString(), e);
        };
    }

    private static Denied ofLogin(DbxOAuthException e, String what) {
        DbxOAuthError error = e.getDbxOAuthError();
        if (error.getError().equals(DbxOAuthError.INVALID_GRANT)) {
            return new Denied(
                    what + "the refresh token is not accepted: it was revoked, or belongs to another app; log in again",
                    e);
        }
        return new Denied(
                what + "the login is not accepted (" + error.getErrorDescription()
                        + "); check the app key, and whether the app needs its secret",
                e);
    }

    private static Denied ofToken(InvalidAccessTokenException e, String what) {
        AuthError reason = e.getAuthError();
        if (reason.isMissingScope()) {
            return new Denied(
                    what + "the app lacks the permission "
                            + reason.getMissingScopeValue().getRequiredScope()
                            + "; allow it in the app console, then log in again",
                    e);
        }
        return new Denied(what + "the access token is refused (" + reason.tag() + "); log in again", e);
    }

    /** Dropbox quotes the header it dislikes, and that of the login holds the token: then neither text nor cause is kept. */
    private static StorageException ofBadRequest(BadRequestException e, String what) {
        String said = said(e);
        return said.contains("Bearer") || said.contains("uthorization")
                ? new Denied(what + "the access token is malformed; log in again", null)
                : invalid(what, said, e);
    }

    private static StorageException unanswered(Exception e, String what) {
        if (causes(e).anyMatch(UnknownHostException.class::isInstance)) {
            return new Unavailable(what + "its address cannot be found; check the network and DNS", e);
        }
        if (causes(e)
                .anyMatch(c -> c instanceof SSLHandshakeException
                        || c instanceof SSLPeerUnverifiedException
                        || c instanceof CertificateException)) {
            return new Denied(what + "no trusted TLS connection (" + innermost(e) + "); check for a proxy between", e);
        }
        return new Unavailable(what + "the connection failed or was lost (" + innermost(e) + "); try again", e);
    }

    private static Rejected invalid(String what, String why, DbxException e) {
        return new Rejected(Reason.INVALID, what + "refused: " + why, e);
    }

    private static Corrupt changed(String what, DbxException e) {
        return new Corrupt(what + "the bytes changed on the way and were refused; try again", e);
    }

    private static Unavailable busy(String what, DbxException e) {
        return new Unavailable(what + "too many changes at once in this account; try again later", e);
    }

    private static Unavailable lostSession(String what, DbxException e) {
        return new Unavailable(what + "the upload session does not have what was sent; the upload begins again", e);
    }

    private static String said(Exception e) {
        return Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
    }

    private static String innermost(Throwable e) {
        Throwable last = causes(e).reduce((first, second) -> second).orElse(e);
        return Optional.ofNullable(last.getMessage()).orElse(last.getClass().getSimpleName());
    }

    private static Stream<Throwable> causes(Throwable e) {
        return Stream.iterate(e, java.util.Objects::nonNull, Throwable::getCause)
                .limit(20);
    }
}
