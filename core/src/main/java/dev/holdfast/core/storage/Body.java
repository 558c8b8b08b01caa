package dev.holdfast.core.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of a put: a known length and a stream that can be opened again for each attempt. A stream that fails makes
 * the put fail; a stream shorter or longer than {@link #bytes()} makes it fail too, with nothing stored.
 */
public interface Body {
    /** Exact length. */
    long bytes();

    /** A fresh stream of all bytes from the first one. The caller closes it. */
    InputStream open() throws IOException;

    /** A body in memory; the array is not copied and must not change until the put has returned. */
    static Body of(byte[] content) {
        return of(content, 0, content.length);
    }

    /** A slice of an array in memory; not copied. */
    static Body of(byte[] content, int offset, int length) {
        return new Memory(content, offset, length);
    }

    /** A body in memory, which drivers may read in place instead of through a stream. */
    @SuppressWarnings("ArrayRecordComponent") // a view of a caller's buffer: identity is intended, copies are not
    record Memory(byte[] content, int offset, int length) implements Body {
        public Memory {
            java.util.Objects.checkFromIndexSize(offset, length, content.length);
        }

        @Override
        public long bytes() {
            return length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(content, offset, length);
        }
    }
}
