package dev.holdfast.core.storage.s3;

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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.http.NoHttpResponseException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Says what a failure of the SDK means: which of the four kinds it is, in one sentence, with what to do about it. Codes as
 * in "List of error codes" of the Amazon S3 API reference, and those that MinIO, Ceph and Backblaze add.
 */
final class S3Errors {
    private static final Pattern REGION_EXPECTED = Pattern.compile("expecting '([a-zA-Z0-9-]+)'");
    private static final Pattern NOT_AUTHORIZED = Pattern.compile("not authorized to perform: (s3:[A-Za-z]+)");
    private static final Pattern LOCKED =
            Pattern.compile("object lock|worm protected|protected by retention|retention period");
    private static final Pattern CHANGED = Pattern.compile("(md5|sha256|checksum).*(not match|mismatch)");
    private static final Pattern CAPPED = Pattern.compile("cap exceeded|quota");

    private final StorageSpec.S3 settings;
    private final Clock clock;

    S3Errors(StorageSpec.S3 settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** Whether the server had closed the connection before it saw the request. */
    static boolean isDeadConnection(SdkException e) {
        return !(e instanceof AwsServiceException)
                && causes(e)
                        .anyMatch(c -> c instanceof NoHttpResponseException
                                || (c instanceof SocketException
                                        && !(c instanceof ConnectException)
                                        && !(c instanceof NoRouteToHostException)));
    }

    /**
     * The failure of a call.
     *
     * @param subject the object's key or the listing's prefix, for the message
     */
    StorageException of(SdkException e, S3Action action, String subject) {
        String what = "cannot " + action.verb() + " " + subject + " ("
                + settings.vendor().title() + ", bucket " + settings.bucket() + "): ";
        return e instanceof AwsServiceException answer ? answered(answer, action, what) : unanswered(e, what);
    }

    /** The failure of a stream that was being read. */
    StorageException ofStream(Exception e, String key) {
        String what = "download of " + key + " broke off (" + settings.vendor().title() + ", bucket "
                + settings.bucket() + "): ";
        return unanswered(e, what);
    }

    /** The error code of an answer; empty where the answer had no body that names one. */
    static String code(AwsServiceException e) {
        return Optional.ofNullable(e.awsErrorDetails())
                .map(AwsErrorDetails::errorCode)
                .filter(code -> !code.chars().allMatch(Character::isDigit))
                .orElse("");
    }

    private StorageException answered(AwsServiceException e, S3Action action, String what) {
        int status = e.statusCode();
        return switch (code(e)) {
            case "ExpiredToken", "TokenRefreshRequired" ->
                new Denied(what + "the session token has expired; give fresh credentials", e);
            case "InvalidToken" -> new Denied(what + "the session token is not valid; give fresh credentials", e);
            case "RequestTimeTooSkewed", "RequestExpired" -> new Denied(what + skew(e), e);
            case "InvalidAccessKeyId" ->
                new Denied(what + "access key id " + settings.accessKeyId() + " is unknown there; check it", e);
            case "SignatureDoesNotMatch" ->
                new Denied(
                        what + "the secret key does not belong to access key id " + settings.accessKeyId()
                                + "; check the secret key",
                        e);
            case "AccessDenied", "AllAccessDisabled", "AccountProblem", "UnauthorizedAccess" ->
                refused(e, action, what);
            case "NoSuchBucket" -> noBucket(e, what);
            case "PermanentRedirect",
                    "TemporaryRedirect",
                    "AuthorizationHeaderMalformed",
                    "IllegalLocationConstraintException" -> wrongRegion(e, what);
            case "BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch" ->
                changed(e, what);
            case "PreconditionFailed" -> exists(e, what);
            case "QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "InsufficientStorage" ->
                full(e, what);
            case "SlowDown",
                    "ServiceUnavailable",
                    "InternalError",
                    "RequestTimeout",
                    "OperationAborted",
                    "ConditionalRequestConflict",
                    "TooManyRequests",
                    "IncompleteBody",
                    "XMinioServerNotInitialized" -> busy(e, what);
            case "ObjectLocked", "InvalidObjectState" -> locked(e, what);
            default -> byStatus(e, status, action, what);
        };
    }

    private StorageException byStatus(AwsServiceException e, int status, S3Action action, String what) {
        if (status == 301
                || status == 307
                || (status == 400 && expectedRegion(e).isPresent())) {
            return wrongRegion(e, what);
        }
        if (status == 401 || status == 403) {
            return refused(e, action, what);
        }
        if (status == 404) {
            return new Rejected(
                    Reason.NO_ROOT,
                    what + "the server at " + endpoint() + " does not know the address; check endpoint and bucket",
                    e);
        }
        if (status == 412) {
            return exists(e, what);
        }
        if (status == 507) {
            return full(e, what);
        }
        if (status == 409 || status == 429 || (status >= 500 && status != 501)) {
            return busy(e, what);
        }
        if (CHANGED.matcher(message(e).toLowerCase(Locale.ROOT)).find()) {
            return changed(e, what);
        }
        return new Rejected(Reason.INVALID, what + "the server refuses the request: " + said(e), e);
    }

    private StorageException refused(AwsServiceException e, S3Action action, String what) {
        String message = message(e);
        String lower = message.toLowerCase(Locale.ROOT);
        Matcher named = NOT_AUTHORIZED.matcher(message);
        boolean tells = named.find();
        if (!tells && CAPPED.matcher(lower).find()) {
            return full(e, what);
        }
        if (!tells && LOCKED.matcher(lower).find()) {
            return locked(e, what);
        }
        String permission = tells ? named.group(1) : action.permission();
        return new Denied(
                what + "access key id " + settings.accessKeyId() + " lacks the permission " + permission
                        + "; allow it for this bucket",
                e);
    }

    private Rejected noBucket(AwsServiceException e, String what) {
        return new Rejected(
                Reason.NO_ROOT,
                what + "the bucket does not exist at " + endpoint() + "; check its name and the region, or create it",
                e);
    }

    private Rejected wrongRegion(AwsServiceException e, String what) {
        String told = expectedRegion(e)
                .map(region -> "the bucket is in region " + region)
                .orElse("the bucket is in another region");
        return new Rejected(
                Reason.NO_ROOT,
                what + told + ", requests go to " + settings.address().region() + "; correct the region",
                e);
    }

    private static Corrupt changed(AwsServiceException e, String what) {
        return new Corrupt(what + "the bytes changed on the way and the server refused them; try again", e);
    }

    private static Rejected exists(AwsServiceException e, String what) {
        return new Rejected(Reason.EXISTS, what + "an object with this name exists and is not replaced", e);
    }

    private static Rejected full(AwsServiceException e, String what) {
        return new Rejected(Reason.FULL, what + "the storage is full or its quota is used up; free or buy space", e);
    }

    private static Rejected locked(AwsServiceException e, String what) {
        return new Rejected(Reason.LOCKED, what + "the object is locked until its retention ends", e);
    }

    private static Unavailable busy(AwsServiceException e, String what) {
        return new Unavailable(what + "the server is busy or failing (" + said(e) + "); try again later", e);
    }

    private String skew(AwsServiceException e) {
        Optional<Instant> server = header(e, "Date").flatMap(S3Errors::httpDate);
        String difference = server.map(time -> Duration.between(time, clock.instant()))
                .map(ahead -> "this machine's clock is " + ahead.abs().toSeconds() + " seconds "
                        + (ahead.isNegative() ? "behind" : "ahead of") + " the server's")
                .orElse("this machine's clock differs too much from the server's");
        return difference + "; set the clock (by NTP)";
    }

    private StorageException unanswered(Exception e, String what) {
        if (has(e, UnknownHostException.class)) {
            return new Unavailable(
                    what + "the name " + host() + " cannot be resolved; check region or endpoint, and DNS", e);
        }
        if (has(e, SSLHandshakeException.class)
                || has(e, SSLPeerUnverifiedException.class)
                || causes(e).anyMatch(CertificateException.class::isInstance)
                || causes(e)
                        .anyMatch(c -> c instanceof SSLException && said(c).contains("Unsupported or unrecognized"))) {
            return new Denied(
                    what + "no trusted TLS connection to " + endpoint() + " (" + innermost(e)
                            + "); check the endpoint and its certificate",
                    e);
        }
        if (has(e, ConnectException.class) || has(e, NoRouteToHostException.class)) {
            return new Unavailable(
                    what + "no connection to " + endpoint() + " (" + innermost(e)
                            + "); check that the server runs and the port is right",
                    e);
        }
        if (has(e, SocketTimeoutException.class)) {
            return new Unavailable(what + endpoint() + " did not answer in time; try again", e);
        }
        if (causes(e).anyMatch(c -> said(c).contains("different checksum"))) {
            return new Corrupt(what + "the bytes received do not have the checksum that was stored with them", e);
        }
        if (causes(e).anyMatch(c -> said(c).contains("parse XML") || said(c).contains("unmarshall"))) {
            return new Corrupt(what + endpoint() + " does not answer as an S3 server; check the endpoint", e);
        }
        return new Unavailable(what + "the connection was lost (" + innermost(e) + "); try again", e);
    }

    /** The region that the server names, in a header or in its message. */
    private static Optional<String> expectedRegion(AwsServiceException e) {
        return header(e, "x-amz-bucket-region").or(() -> find(REGION_EXPECTED, message(e)));
    }

    private static Optional<String> header(AwsServiceException e, String name) {
        return Optional.ofNullable(e.awsErrorDetails())
                .flatMap(details -> Optional.ofNullable(details.sdkHttpResponse()))
                .flatMap(response -> response.firstMatchingHeader(name));
    }

    private static String message(AwsServiceException e) {
        return Optional.ofNullable(e.awsErrorDetails())
                .flatMap(details -> Optional.ofNullable(details.errorMessage()))
                .orElse("");
    }

    private static String said(AwsServiceException e) {
        String text = (code(e) + " " + message(e)).strip();
        return "status " + e.statusCode() + (text.isEmpty() ? "" : " " + text);
    }

    private static String said(Throwable e) {
        return Optional.ofNullable(e.getMessage()).orElse("");
    }

    private static String innermost(Throwable e) {
        Throwable last = causes(e).reduce((first, second) -> second).orElse(e);
        return Optional.ofNullable(last.getMessage()).orElse(last.getClass().getSimpleName());
    }

    private static Optional<String> find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static Optional<Instant> httpDate(String text) {
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private String endpoint() {
        return settings.address().endpoint().toString();
    }

    private String host() {
        return settings.address().endpoint().getHost();
    }

    private static boolean has(Throwable e, Class<? extends IOException> kind) {
        return causes(e).anyMatch(kind::isInstance);
    }

    private static Stream<Throwable> causes(Throwable e) {
        return Stream.iterate(e, java.util.Objects::nonNull, Throwable::getCause)
                .limit(20);
    }
}
