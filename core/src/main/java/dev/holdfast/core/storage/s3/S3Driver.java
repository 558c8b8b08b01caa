package dev.holdfast.core.storage.s3;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.Capability;
import dev.holdfast.core.storage.HeldLock;
import dev.holdfast.core.storage.HiddenVersion;
import dev.holdfast.core.storage.ObjectLock;
import dev.holdfast.core.storage.Page;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.StorageDriver;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageSpec;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects in a bucket of the S3 family. Bodies up to {@link #SINGLE_PUT_BYTES} go in one request, larger ones in parts.
 * Keys that no {@link ObjectKey} can name (a console's folder markers) are not listed.
 */
public final class S3Driver implements StorageDriver {
    /** The largest body that is sent in one request: 64 MiB, so that a pack is one. */
    static final long SINGLE_PUT_BYTES = 64L << 20;

    private static final int MAX_KEY_BYTES = 1024;

    private final StorageSpec.S3 settings;
    private final Clock clock;
    private final SdkHttpClient http;
    private final S3Client s3;
    private final S3Errors errors;
    private final Checksums checksums;
    private final S3Locks locks;
    private final String root;
    private volatile boolean bucketSeen;

    public S3Driver(StorageSpec.S3 settings, Clock clock) {
        this(settings, clock, S3Clients.http());
    }

    S3Driver(StorageSpec.S3 settings, Clock clock, SdkHttpClient http) {
        this.settings = settings;
        this.clock = clock;
        this.http = http;
        this.s3 = S3Clients.client(settings, http);
        this.errors = new S3Errors(settings, clock);
        this.checksums = Checksums.of(settings.vendor().checksum());
        this.locks = new S3Locks(s3, settings, errors, clock);
        this.root = settings.prefix().map(prefix -> prefix.text() + "/").orElse("");
    }

    @Override
    public void put(ObjectKey key, Body body, PutMode mode) throws IOException {
        boolean conditional = mode == PutMode.IF_ABSENT && settings.vendor().hasConditionalPut();
        boolean large = body.bytes() > SINGLE_PUT_BYTES;
        if (mode == PutMode.IF_ABSENT && (large || !conditional) && stat(key).isPresent()) {
            throw new StorageException.Rejected(
                    StorageException.Reason.EXISTS,
                    "cannot put " + key + ": an object with this name exists and is not replaced",
                    null);
        }
        String full = full(key);
        Optional<Retention> retention = settings.lock().map(lock -> Retention.of(lock, clock.instant()));
        if (large) {
            new MultipartUpload(s3, settings.bucket(), full, checksums, errors, retention, conditional).run(body);
        } else {
            putOnce(full, body, retention, conditional);
        }
    }

    private void putOnce(String full, Body body, Optional<Retention> retention, boolean conditional)
            throws IOException {
        PutObjectRequest.Builder request =
                PutObjectRequest.builder().bucket(settings.bucket()).key(full).contentLength(body.bytes());
        checksums.put(request, checksums.of(body));
        retention.ifPresent(r -> request.objectLockMode(r.mode()).objectLockRetainUntilDate(r.until()));
        if (conditional) {
            request.ifNoneMatch("*");
        }
        S3Action action = retention.isPresent() ? S3Action.PUT_LOCKED : S3Action.PUT;
        PutObjectRequest ready = request.build();
        SentBody sent = new SentBody(body);
        try {
            if (conditional) {
                // never repeated: the first may have stored, and the second would then report EXISTS
                s3.putObject(ready, sent.request());
            } else {
                withSecondConnection(() -> s3.putObject(ready, sent.request()));
            }
        } catch (SdkException e) {
            throw sent.failure().orElseGet(() -> errors.of(e, action, full));
        } catch (java.io.UncheckedIOException e) {
            throw sent.failure().orElse(e.getCause());
        } finally {
            sent.closeCurrent();
        }
    }

    @Override
    public Optional<InputStream> get(ObjectKey key, ByteRange range) throws IOException {
        String full = full(key);
        Optional<ResponseInputStream<GetObjectResponse>> answer;
        try {
            answer = open(full, range);
        } catch (AwsServiceException e) {
            if (e.statusCode() == 416) {
                return Optional.of(InputStream.nullInputStream());
            }
            throw errors.of(e, S3Action.GET, full);
        } catch (SdkException e) {
            throw errors.of(e, S3Action.GET, full);
        }
        if (answer.isEmpty()) {
            return Optional.empty();
        }
        ResponseInputStream<GetObjectResponse> in = answer.get();
        Long announced = in.response().contentLength();
        if (announced == null) {
            in.abort();
            throw new StorageException.Corrupt(
                    "cannot get " + full + ": the server does not tell its length; check the endpoint", null);
        }
        if (range.offset() > 0 && in.response().contentRange() == null) {
            in.abort();
            throw new StorageException.Corrupt(
                    "cannot get a part of " + full + ": the server sends the whole object instead of the range", null);
        }
        return Optional.of(new S3Input(in, announced, range.length(), full, errors));
    }

    /** Empty when there is no such object; a missing bucket is an error. */
    private Optional<ResponseInputStream<GetObjectResponse>> open(String full, ByteRange range) {
        GetObjectRequest.Builder request =
                GetObjectRequest.builder().bucket(settings.bucket()).key(full);
        if (!range.isAll()) {
            request.range("bytes=" + range.offset() + "-" + (range.isToEnd() ? "" : range.lastInclusive()));
        }
        try {
            ResponseInputStream<GetObjectResponse> in = withSecondConnection(() -> s3.getObject(request.build()));
            bucketSeen = true;
            return Optional.of(in);
        } catch (AwsServiceException e) {
            if (S3Errors.code(e).equals("NoSuchKey")) {
                bucketSeen = true;
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public Optional<StoredObject> stat(ObjectKey key) throws IOException {
        String full = full(key);
        try {
            HeadObjectResponse head = withSecondConnection(
                    () -> s3.headObject(h -> h.bucket(settings.bucket()).key(full)));
            bucketSeen = true;
            return Optional.of(described(key, head));
        } catch (AwsServiceException e) {
            if (e.statusCode() == 404 && bucketSeen) {
                return Optional.empty();
            }
            return explained(e, full);
        } catch (SdkException e) {
            throw errors.of(e, S3Action.STAT, full);
        }
    }

    private static StoredObject described(ObjectKey key, HeadObjectResponse head) throws StorageException {
        Long bytes = head.contentLength();
        Instant modified = head.lastModified();
        if (bytes == null || modified == null) {
            throw new StorageException.Corrupt(
                    "the server does not tell the size and time of " + key + "; check the endpoint", null);
        }
        return new StoredObject(key, bytes, modified);
    }

    /**
     * A HEAD is answered without a body, so its failure has no code: a missing bucket looks like a missing object, a wrong
     * secret like a missing permission. A GET of one byte takes the same permission and names the reason.
     */
    private Optional<StoredObject> explained(AwsServiceException head, String full) throws IOException {
        try {
            Optional<ResponseInputStream<GetObjectResponse>> one = open(full, new ByteRange(0, 1));
            if (one.isEmpty()) {
                return Optional.empty();
            }
            one.get().abort();
        } catch (AwsServiceException e) {
            throw errors.of(e, S3Action.STAT, full);
        } catch (SdkException e) {
            e.addSuppressed(head);
            throw errors.of(e, S3Action.STAT, full);
        }
        throw errors.of(head, S3Action.STAT, full);
    }

    @Override
    public Page<StoredObject> list(String prefix, Optional<String> after) throws IOException {
        ListObjectsV2Request.Builder request = ListObjectsV2Request.builder()
                .bucket(settings.bucket())
                .prefix(root + prefix)
                .encodingType(EncodingType.URL);
        after.ifPresent(request::continuationToken);
        try {
            ListObjectsV2Response answer = withSecondConnection(() -> s3.listObjectsV2(request.build()));
            bucketSeen = true;
            List<StoredObject> items = new ArrayList<>(answer.contents().size());
            for (S3Object each : answer.contents()) {
                nameable(each.key())
                        .ifPresent(key -> items.add(new StoredObject(key, each.size(), each.lastModified())));
            }
            return new Page<>(items, Optional.ofNullable(answer.nextContinuationToken()));
        } catch (SdkException e) {
            throw errors.of(e, S3Action.LIST, "\"" + root + prefix + "\"");
        }
    }

    private Optional<ObjectKey> nameable(String full) {
        try {
            return Optional.of(new ObjectKey(full.substring(root.length())));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // not written by us: no put can have made it
        }
    }

    /** An object that was put with a lock goes with all its versions, or not at all; any other is hidden where the bucket keeps versions. */
    @Override
    public void delete(ObjectKey key) throws IOException {
        String full = full(key);
        if (settings.vendor().hasObjectLock() && locks.deleteLocked(full)) {
            return;
        }
        try {
            withSecondConnection(
                    () -> s3.deleteObject(d -> d.bucket(settings.bucket()).key(full)));
        } catch (AwsServiceException e) {
            if (!S3Errors.code(e).equals("NoSuchKey")) {
                throw errors.of(e, S3Action.DELETE, full);
            }
        } catch (SdkException e) {
            throw errors.of(e, S3Action.DELETE, full);
        }
    }

    @Override
    public Optional<HeldLock> lock(ObjectKey key) throws IOException {
        requireLocks();
        return locks.lock(full(key));
    }

    @Override
    public void extendLock(ObjectKey key, HeldLock lock) throws IOException {
        requireLocks();
        locks.extend(full(key), lock);
    }

    @Override
    public Page<HiddenVersion> listHidden(String prefix, Optional<String> after) throws IOException {
        requireLocks();
        return locks.hidden(root + prefix, after, this::nameable);
    }

    private void requireLocks() throws StorageException {
        if (!settings.vendor().hasObjectLock()) {
            throw new StorageException.Rejected(
                    StorageException.Reason.INVALID,
                    settings.vendor().title() + " has no Object Lock that is set on objects",
                    null);
        }
    }

    @Override
    public Set<Capability> capabilities() {
        Set<Capability> all = EnumSet.noneOf(Capability.class);
        if (settings.vendor().hasConditionalPut()) {
            all.add(Capability.IF_ABSENT);
        }
        if (settings.vendor().hasObjectLock()) {
            all.add(Capability.OBJECT_LOCK);
        }
        return all;
    }

    @Override
    public void close() {
        s3.close();
        http.close();
    }

    /** Sends a request once more when the server had closed the connection, which it does to idle ones. */
    private static <T> T withSecondConnection(Supplier<T> request) {
        try {
            return request.get();
        } catch (SdkException e) {
            if (!S3Errors.isDeadConnection(e)) {
                throw e;
            }
            return request.get();
        }
    }

    private String full(ObjectKey key) throws StorageException {
        String full = root + key.text();
        if (full.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
            throw new StorageException.Rejected(
                    StorageException.Reason.INVALID,
                    "key " + key + " is longer than " + MAX_KEY_BYTES + " bytes with its prefix; shorten the prefix",
                    null);
        }
        return full;
    }

    /** Until when a new object is locked. Whole seconds: some servers refuse fractions. */
    record Retention(ObjectLockMode mode, Instant until) {
        static Retention of(ObjectLock lock, Instant now) {
            ObjectLockMode mode = switch (lock.mode()) {
                case GOVERNANCE -> ObjectLockMode.GOVERNANCE;
                case COMPLIANCE -> ObjectLockMode.COMPLIANCE;
            };
            return new Retention(mode, now.plus(lock.duration()).truncatedTo(ChronoUnit.SECONDS));
        }
    }
}
