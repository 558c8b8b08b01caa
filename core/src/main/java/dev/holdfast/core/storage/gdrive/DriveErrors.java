package dev.holdfast.core.storage.gdrive;

import com.google.api.client.googleapis.json.GoogleJsonError;
import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.HttpResponseException;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageException.Corrupt;
import dev.holdfast.core.storage.StorageException.Denied;
import dev.holdfast.core.storage.StorageException.Reason;
import dev.holdfast.core.storage.StorageException.Rejected;
import dev.holdfast.core.storage.StorageException.Unavailable;
import dev.holdfast.core.storage.StorageSpec;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.http.NoHttpResponseException;

/**
 * Says what a failure of the SDK means: which of the four kinds it is, in one sentence, with what to do about it. Reasons
 * as in the guide "Resolve errors" of the Drive API; errors of the token server as in RFC 6749, 5.2.
 */
final class DriveErrors {
    private static final Pattern OAUTH_ERROR = Pattern.compile("\"error\"\\s*:\\s*\"([a-z_]{1,64})\"");

    private final String place;

    DriveErrors(StorageSpec.GoogleDrive settings) {
        this.place = settings.describe();
    }

    /** Whether the server had closed the connection before it saw the request. */
    static boolean isDeadConnection(IOException e) {
        return !(e instanceof HttpResponseException)
                && causes(e)
                        .anyMatch(c -> c instanceof NoHttpResponseException
                                || (c instanceof SocketException
                                        && !(c instanceof ConnectException)
                                        && !(c instanceof NoRouteToHostException)));
    }

    /** Whether the thing that was named does not exist, or this login may not know that it does. */
    static boolean isNotFound(IOException e) {
        return e instanceof HttpResponseException answer && answer.getStatusCode() == 404;
    }

    /** Whether a range begins at or after the end. */
    static boolean isAfterEnd(IOException e) {
        return e instanceof HttpResponseException answer && answer.getStatusCode() == 416;
    }

    /**
     * The failure of a call.
     *
     * @param action what was tried, as in "put a/b"
     */
    StorageException of(IOException e, String action) {
        if (e instanceof StorageException already) {
            return already;
        }
        String what = "cannot " + action + " (" + place + "): ";
        return e instanceof HttpResponseException answer ? answered(answer, what) : unanswered(e, what);
    }

    /** The failure of a stream that was being read. */
    StorageException ofStream(IOException e, String key) {
        return unanswered(e, "download of " + key + " broke off (" + place + "): ");
    }

    /** Why there is no access token. */
    StorageException login(IOException e) {
        String what = "cannot log in (" + place + "): ";
        Optional<HttpResponseException> answer = causes(e)
                .filter(HttpResponseException.class::isInstance)
                .map(HttpResponseException.class::cast)
                .findFirst();
        if (answer.isEmpty()) {
            return unanswered(e, what);
        }
        int status = answer.get().getStatusCode();
        return switch (oauthError(answer.get())) {
            case "invalid_grant" ->
                new Denied(
                        what
                                + "Google no longer accepts the refresh token: the consent was withdrawn, or it has expired"
                                + " (after 7 days for an app whose publishing status is testing); log in again",
                        e);
            case "invalid_client", "unauthorized_client" ->
                new Denied(what + "Google does not accept client id and client secret; check them", e);
            default ->
                status == 429 || status >= 500
                        ? new Unavailable(what + "Google's token server is busy or failing (" + status + ")", e)
                        : new Denied(
                                what + "Google's token server refuses the login (" + status + "); log in again", e);
        };
    }

    private static String oauthError(HttpResponseException answer) {
        Matcher matcher =
                OAUTH_ERROR.matcher(Optional.ofNullable(answer.getContent()).orElse(""));
        return matcher.find() ? matcher.group(1) : "";
    }

    private StorageException answered(HttpResponseException e, String what) {
        return switch (reason(e)) {
            case "rateLimitExceeded",
                    "userRateLimitExceeded",
                    "sharingRateLimitExceeded",
                    "dailyLimitExceeded",
                    "quotaExceeded",
                    "downloadQuotaExceeded",
                    "backendError",
                    "internalError",
                    "transientError" -> busy(e, what);
            case "storageQuotaExceeded" ->
                new Rejected(Reason.FULL, what + "the Google account has no space left; free or buy some", e);
            case "teamDriveFileLimitExceeded", "numChildrenInNonRootLimitExceeded", "activeItemCreationLimitExceeded" ->
                new Rejected(
                        Reason.FULL,
                        what + "Google Drive's limit of items is reached (" + reason(e)
                                + "); remove old backups, or use another folder or account",
                        e);
            case "myDriveHierarchyDepthLimitExceeded", "teamDriveHierarchyTooDeep" ->
                new Rejected(Reason.INVALID, what + "the folders are nested deeper than Google Drive allows", e);
            case "insufficientPermissions", "insufficientScopes", "ACCESS_TOKEN_SCOPE_INSUFFICIENT" ->
                new Denied(what + "the login was not given the scope drive.file; log in again and allow it", e);
            case "accessNotConfigured", "SERVICE_DISABLED" ->
                new Denied(
                        what + "the Drive API is not enabled in the Google Cloud project of the client id; enable it",
                        e);
            case "appNotAuthorizedToFile" ->
                new Denied(
                        what + "with the scope drive.file only what was made with this client id can be used;"
                                + " use the client id that made it",
                        e);
            case "insufficientFilePermissions", "insufficientParentPermissions", "teamDrivesFolderMoveInNotSupported" ->
                new Denied(
                        what + "the account may not do this there; in a shared drive, removing takes the role Manager",
                        e);
            case "domainPolicy" ->
                new Denied(what + "the administrators of the account's domain do not allow the app", e);
            case "cannotDownloadAbusiveFile" ->
                new Denied(what + "Google has marked the file as malware and does not give it out", e);
            default -> byStatus(e, what);
        };
    }

    private StorageException byStatus(HttpResponseException e, String what) {
        int status = e.getStatusCode();
        if (status == 401) {
            return new Denied(what + "Google refuses the access token that it has just given; log in again", e);
        }
        if (status == 403) {
            return new Denied(what + "Google does not allow it: " + said(e), e);
        }
        if (status == 404) {
            return new Unavailable(what + "it went away meanwhile; try again", e);
        }
        if (status == 408 || status == 409 || status == 410 || status == 429 || status >= 500) {
            return busy(e, what);
        }
        if (status == 400 && location(e).equals("pageToken")) {
            return new Unavailable(what + "the listing took so long that it expired; try again", e);
        }
        return new Rejected(Reason.INVALID, what + "Google refuses the request: " + said(e), e);
    }

    private static Unavailable busy(HttpResponseException e, String what) {
        String message =
                what + "Google Drive is busy, or too many requests were made (" + said(e) + "); try again later";
        return retryAfter(e)
                .map(wait -> new Unavailable(message, wait, e))
                .orElseGet(() -> new Unavailable(message, e));
    }

    /** How long to wait, where the answer tells it in seconds. */
    private static Optional<Duration> retryAfter(HttpResponseException e) {
        return Optional.ofNullable(e.getHeaders())
                .flatMap(headers -> Optional.ofNullable(headers.getRetryAfter()))
                .filter(text -> text.matches("[0-9]{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    }

    private StorageException unanswered(IOException e, String what) {
        if (has(e, UnknownHostException.class)) {
            return new Unavailable(what + "Google's servers cannot be resolved; check network and DNS", e);
        }
        if (has(e, SSLHandshakeException.class)
                || has(e, SSLPeerUnverifiedException.class)
                || causes(e).anyMatch(CertificateException.class::isInstance)) {
            return new Denied(
                    what + "no trusted TLS connection to Google (" + innermost(e)
                            + "); look for a proxy that replaces certificates",
                    e);
        }
        if (has(e, ConnectException.class) || has(e, NoRouteToHostException.class)) {
            return new Unavailable(what + "no connection to Google (" + innermost(e) + "); check the network", e);
        }
        if (has(e, SocketTimeoutException.class)) {
            return new Unavailable(what + "Google did not answer in time; try again", e);
        }
        if (e instanceof com.google.gson.stream.MalformedJsonException) {
            return new Corrupt(what + "the answer is not one of Google Drive; look for a proxy in between", e);
        }
        return new Unavailable(what + "the connection was lost (" + innermost(e) + "); try again", e);
    }

    /** What Drive calls the error; empty where the answer does not tell. */
    private static String reason(HttpResponseException e) {
        return first(e).flatMap(info -> Optional.ofNullable(info.getReason())).orElse("");
    }

    private static String location(HttpResponseException e) {
        return first(e).flatMap(info -> Optional.ofNullable(info.getLocation())).orElse("");
    }

    private static Optional<GoogleJsonError.ErrorInfo> first(HttpResponseException e) {
        return details(e)
                .flatMap(details -> Optional.ofNullable(details.getErrors()))
                .map(List::stream)
                .flatMap(Stream::findFirst);
    }

    private static Optional<GoogleJsonError> details(HttpResponseException e) {
        return e instanceof GoogleJsonResponseException json
                ? Optional.ofNullable(json.getDetails())
                : Optional.empty();
    }

    private static String said(HttpResponseException e) {
        String message = details(e)
                .flatMap(details -> Optional.ofNullable(details.getMessage()))
                .orElse("");
        return ("status " + e.getStatusCode() + " " + reason(e) + " " + message.replaceAll("\\p{Cntrl}+", " ")).strip();
    }

    private static String innermost(Throwable e) {
        Throwable last = causes(e).reduce((first, second) -> second).orElse(e);
        return Optional.ofNullable(last.getMessage()).orElse(last.getClass().getSimpleName());
    }

    private static boolean has(Throwable e, Class<? extends IOException> kind) {
        return causes(e).anyMatch(kind::isInstance);
    }

    private static Stream<Throwable> causes(Throwable e) {
        return Stream.iterate(e, java.util.Objects::nonNull, Throwable::getCause)
                .limit(20);
    }
}
