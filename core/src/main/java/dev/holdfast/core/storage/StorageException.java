package dev.holdfast.core.storage;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A storage failed, in one of four ways that callers act on differently. The message never holds a secret. */
public abstract sealed class StorageException extends IOException {
    private static final long serialVersionUID = 1L;

    private StorageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The storage could not be reached or was busy; the same call may work later. The only kind that is retried. */
    public static final class Unavailable extends StorageException {
        private static final long serialVersionUID = 1L;
        private final @Nullable Duration retryAfter;

        public Unavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
            this.retryAfter = null;
        }

        /** @param retryAfter how long the storage asked to be left alone; zero or more */
        public Unavailable(String message, Duration retryAfter, @Nullable Throwable cause) {
            super(message, cause);
            this.retryAfter = retryAfter;
        }

        /** How long the storage asked to be left alone, if it did: no call before that can succeed. */
        public Optional<Duration> retryAfter() {
            return Optional.ofNullable(retryAfter);
        }
    }

    /** Credentials or permissions do not allow the call, or the server is not the one we were told to trust. */
    public static final class Denied extends StorageException {
        private static final long serialVersionUID = 1L;

        public Denied(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The storage understood the call and will not do it, now or later. */
    public static final class Rejected extends StorageException {
        private static final long serialVersionUID = 1L;
        private final Reason reason;

        public Rejected(Reason reason, String message, @Nullable Throwable cause) {
            super(message, cause);
            this.reason = reason;
        }

        public Reason reason() {
            return reason;
        }
    }

    /** Bytes are not what they must be: a wrong length, checksum or answer. */
    public static final class Corrupt extends StorageException {
        private static final long serialVersionUID = 1L;

        public Corrupt(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Why a call was rejected. */
    public enum Reason {
        /** {@link PutMode#IF_ABSENT} met an object. */
        EXISTS,
        /** The storage is full, or a quota is. */
        FULL,
        /** The root (folder, bucket) is missing or is not what it should be. */
        NO_ROOT,
        /** The object is locked against change until later. */
        LOCKED,
        /** The name or the request is not allowed there. */
        INVALID
    }
}
