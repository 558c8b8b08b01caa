package dev.holdfast.core.storage.s3;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.HeldLock;
import dev.holdfast.core.storage.HiddenVersion;
import dev.holdfast.core.storage.ObjectLock;
import dev.holdfast.core.storage.Page;
import dev.holdfast.core.storage.S3Vendor.Checksum;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageException.Reason;
import dev.holdfast.core.storage.StorageSpec;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.PutObjectRetentionRequest;

/**
 * Object Lock in a bucket, and the versions that come with it. Source: "Locking objects with Object Lock" and "HeadObject" of the Amazon S3
 * documentation: locks belong to versions, a bucket with locks has versions, a plain delete hides an object behind a mark whatever its lock, and
 * a HEAD tells the lock only to who has s3:GetObjectRetention.
 */
final class S3Locks {
    /** Far more than puts of one key can have raced; ends a server that never does. */
    private static final int MAX_VERSIONS = 1000;

    private final S3Client s3;
    private final StorageSpec.S3 settings;
    private final S3Errors errors;
    private final Clock clock;

    S3Locks(S3Client s3, StorageSpec.S3 settings, S3Errors errors, Clock clock) {
        this.s3 = s3;
        this.settings = settings;
        this.errors = errors;
        this.clock = clock;
    }

    /** The lock of an object as a HEAD tells it. */
    Optional<HeldLock> lock(String full) throws IOException {
        return head(full, Optional.empty()).flatMap(S3Locks::lock);
    }

    private Optional<HeadObjectResponse> head(String full, Optional<String> version) throws IOException {
        try {
            return Optional.of(s3.headObject(h -> {
                h.bucket(settings.bucket()).key(full);
                version.ifPresent(h::versionId);
            }));
        } catch (AwsServiceException e) {
            if (e.statusCode() == 404 || e.statusCode() == 405) { // 405: the version is a mark that hides the object
                return Optional.empty();
            }
            throw errors.of(e, S3Action.LOOK_AT_LOCK, full);
        } catch (SdkException e) {
            throw errors.of(e, S3Action.LOOK_AT_LOCK, full);
        }
    }

    private static Optional<HeldLock> lock(HeadObjectResponse head) {
        Instant until = head.objectLockRetainUntilDate();
        ObjectLockMode mode = head.objectLockMode();
        if (until == null || mode == null) {
            return Optional.empty();
        }
        return Optional.of(new HeldLock(
                mode == ObjectLockMode.COMPLIANCE ? ObjectLock.Mode.COMPLIANCE : ObjectLock.Mode.GOVERNANCE, until));
    }

    void extend(String full, HeldLock lock) throws IOException {
        ObjectLockRetentionMode mode = switch (lock.mode()) {
            case GOVERNANCE -> ObjectLockRetentionMode.GOVERNANCE;
            case COMPLIANCE -> ObjectLockRetentionMode.COMPLIANCE;
        };
        PutObjectRetentionRequest.Builder request = PutObjectRetentionRequest.builder()
                .bucket(settings.bucket())
                .key(full)
                .retention(r -> r.mode(mode).retainUntilDate(lock.until()));
        if (settings.vendor().checksum() == Checksum.SHA256) {
            request.checksumAlgorithm(ChecksumAlgorithm.SHA256);
        } else {
            request.overrideConfiguration(o -> o.addPlugin(LegacyMd5Plugin.create()));
        }
        try {
            s3.putObjectRetention(request.build());
        } catch (SdkException e) {
            throw errors.of(e, S3Action.EXTEND_LOCK, full);
        }
    }

    /**
     * Removes every version of an object that was put with a lock: a plain delete would only hide it, whatever its lock, and what is hidden
     * is paid for.
     *
     * @return whether it was removed; false for an object without a lock, or when these credentials may not see it
     * @throws StorageException.Rejected of reason LOCKED with the time when the lock ends; the object is as it was
     */
    boolean deleteLocked(String full) throws IOException {
        for (int i = 0; i < MAX_VERSIONS; i++) {
            Optional<HeadObjectResponse> head = seen(full);
            Optional<HeldLock> held = head.flatMap(S3Locks::lock);
            if (held.isEmpty()) {
                return i > 0 && head.isEmpty();
            }
            if (held.get().until().isAfter(clock.instant())) {
                throw new StorageException.Rejected(
                        Reason.LOCKED,
                        "cannot delete " + full + ": it is locked until "
                                + held.get().until(),
                        null);
            }
            deleteVersion(full, Optional.ofNullable(head.get().versionId()));
        }
        throw new StorageException.Corrupt("cannot delete " + full + ": it has too many versions", null);
    }

    /** Empty also when a look fails: the plain delete that follows says why. */
    private Optional<HeadObjectResponse> seen(String full) {
        try {
            return Optional.of(s3.headObject(h -> h.bucket(settings.bucket()).key(full)));
        } catch (SdkException e) {
            return Optional.empty();
        }
    }

    private void deleteVersion(String full, Optional<String> version) throws IOException {
        try {
            s3.deleteObject(d -> {
                d.bucket(settings.bucket()).key(full);
                version.ifPresent(d::versionId);
            });
        } catch (SdkException e) {
            throw errors.of(e, version.isPresent() ? S3Action.DELETE_VERSION : S3Action.DELETE, full);
        }
    }

    /** @param keyOf the key in this storage; empty for what no key can name */
    Page<HiddenVersion> hidden(String prefix, Optional<String> after, Function<String, Optional<ObjectKey>> keyOf)
            throws IOException {
        ListObjectVersionsRequest.Builder request = ListObjectVersionsRequest.builder()
                .bucket(settings.bucket())
                .prefix(prefix)
                .encodingType(EncodingType.URL);
        after.ifPresent(token -> {
            int end = token.indexOf('\n');
            request.keyMarker(token.substring(end + 1));
            if (end > 0) {
                request.versionIdMarker(token.substring(0, end));
            }
        });
        ListObjectVersionsResponse answer;
        try {
            answer = s3.listObjectVersions(request.build());
        } catch (SdkException e) {
            throw errors.of(e, S3Action.LIST_VERSIONS, "\"" + prefix + "\"");
        }
        List<HiddenVersion> hidden = new ArrayList<>();
        for (ObjectVersion version : answer.versions()) {
            Optional<ObjectKey> key = keyOf.apply(version.key());
            if (!Boolean.TRUE.equals(version.isLatest()) && key.isPresent()) {
                hidden.add(new HiddenVersion(
                        key.get(),
                        version.versionId(),
                        version.size(),
                        version.lastModified(),
                        head(version.key(), Optional.of(version.versionId())).flatMap(S3Locks::lock)));
            }
        }
        boolean more = Boolean.TRUE.equals(answer.isTruncated()) && answer.nextKeyMarker() != null;
        return new Page<>(
                hidden,
                more
                        ? Optional.of(Optional.ofNullable(answer.nextVersionIdMarker())
                                        .orElse("")
                                + "\n" + answer.nextKeyMarker())
                        : Optional.empty());
    }
}
