package dev.holdfast.core.storage;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.Secret;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A bucket and how to reach it.
 *
 * @param place what the vendor wants to know of where it is
 * @param bucket which must exist already
 * @param prefix under which all objects are kept; empty for the whole bucket
 * @param accessKeyId names the key; not secret
 * @param sessionToken for temporary credentials
 * @param lock put on each new object; the bucket must have been made with Object Lock enabled
 */
public record S3Settings(
        S3Vendor vendor,
        S3Vendor.Place place,
        String bucket,
        Optional<ObjectKey> prefix,
        String accessKeyId,
        Secret secretKey,
        Optional<Secret> sessionToken,
        Optional<ObjectLock> lock) {
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern KEY_ID = Pattern.compile("[\\x21-\\x7e]{1,128}");

    /** @throws IllegalArgumentException naming what is missing or malformed, never a secret */
    public S3Settings {
        if (!BUCKET.matcher(bucket).matches() || bucket.contains("..")) {
            throw new IllegalArgumentException(
                    "bucket \"" + bucket + "\": 3 to 63 lower-case letters, digits, dots and hyphens are allowed");
        }
        if (!KEY_ID.matcher(accessKeyId).matches()) {
            throw new IllegalArgumentException("access key id is empty or has characters that no key id has");
        }
        if (lock.isPresent() && !vendor.hasObjectLock()) {
            throw new IllegalArgumentException(vendor.title() + " has no Object Lock: leave the lock out");
        }
        vendor.address(place); // fails here rather than at the first request
    }

    /** Where requests go. */
    public S3Vendor.Address address() {
        return vendor.address(place);
    }
}
