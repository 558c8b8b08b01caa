package dev.holdfast.core.storage;

/**
 * Which bytes of an object to read: {@code length} bytes from {@code offset}, fewer when the object ends before.
 *
 * @param offset first byte, from 0
 * @param length bytes wanted at most; {@link Long#MAX_VALUE} for all that follow
 */
public record ByteRange(long offset, long length) {
    /** The whole object. */
    public static final ByteRange ALL = new ByteRange(0, Long.MAX_VALUE);

    public ByteRange {
        if (offset < 0 || length < 1) {
            throw new IllegalArgumentException("range must have offset >= 0 and length >= 1");
        }
    }

    public boolean isAll() {
        return offset == 0 && length == Long.MAX_VALUE;
    }

    public boolean isToEnd() {
        return length == Long.MAX_VALUE;
    }

    /** The last byte wanted, inclusive, as HTTP's Range header counts; only when the range has an end. */
    public long lastInclusive() {
        if (isToEnd()) {
            throw new IllegalStateException("range has no end");
        }
        return Math.addExact(offset, length - 1);
    }
}
