package dev.holdfast.core.notify;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * A message was not taken. The text is for people and holds no address, token or password; there is no cause where its own text could hold
 * one.
 */
public abstract sealed class NotifyException extends IOException {
    private static final long serialVersionUID = 1L;

    private NotifyException(String message) {
        super(message);
    }

    /** It may be taken later. */
    public static final class Unavailable extends NotifyException {
        private static final long serialVersionUID = 1L;

        private final transient Optional<Duration> retryAfter;

        public Unavailable(String message) {
            this(message, Optional.empty());
        }

        /**
         * With a wish of the receiver.
         *
         * @param retryAfter how long it wants to be left alone
         */
        public Unavailable(String message, Optional<Duration> retryAfter) {
            super(message);
            this.retryAfter = retryAfter;
        }

        public Optional<Duration> retryAfter() {
            return retryAfter;
        }
    }

    /** It will not be taken, however often it is sent. */
    public static final class Refused extends NotifyException {
        private static final long serialVersionUID = 1L;

        public Refused(String message) {
            super(message);
        }
    }
}
