package dev.holdfast.core.storage;

import dev.holdfast.core.model.ObjectKey;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;

/**
 * What a provider implements: six verbs, proved by the contract suite, and what its {@link Capability} promises beyond. Callers use {@link Storage}, which adds retries,
 * limits and checks.
 *
 * <p>Safe for use by several threads. Every failure is a {@link StorageException} of the fitting kind, classified where
 * it is seen, whose message says what to do and holds no secret. One request may be repeated inside the driver when the
 * connection it used had been idle; other retries are {@link Storage}'s.
 */
public interface StorageDriver extends AutoCloseable {
    /**
     * Stores an object, all or nothing: when it returns, the bytes are durable and visible under the key; when it throws,
     * the key is as it was before (or, after {@link StorageException.Unavailable} only, may hold the new object whole).
     */
    void put(ObjectKey key, Body body, PutMode mode) throws IOException;

    /**
     * Opens an object. Empty when there is none. A range that begins at or after the end gives an empty stream. The
     * stream throws {@link StorageException} when the connection is lost before the last byte: it never ends early.
     */
    Optional<InputStream> get(ObjectKey key, ByteRange range) throws IOException;

    /** Size and time of an object; empty when there is none. */
    Optional<StoredObject> stat(ObjectKey key) throws IOException;

    /**
     * A page of the objects whose key begins with {@code prefix}, at any depth, in ascending order of key. The prefix is a text, not a
     * path: {@code a/b} finds {@code a/bc} too; empty finds all. Parts of puts in flight are never listed.
     *
     * @param after {@link Page#next()} of the page before, empty for the first
     */
    Page<StoredObject> list(String prefix, Optional<String> after) throws IOException;

    /** Removes an object; done also when there is none. */
    void delete(ObjectKey key) throws IOException;

    Set<Capability> capabilities();

    /**
     * The lock of an object; empty when it has none, or is not there. Only with {@link Capability#OBJECT_LOCK}.
     *
     * @throws StorageException.Rejected of reason INVALID without that capability
     */
    default Optional<HeldLock> lock(ObjectKey key) throws IOException {
        throw cannotLock();
    }

    /** Gives an object a lock in place of a shorter one or none; never shortens one. As {@link #lock}. */
    default void extendLock(ObjectKey key, HeldLock lock) throws IOException {
        throw cannotLock();
    }

    /** A page of what is kept below a prefix and not listed, in no particular order. As {@link #lock}. */
    default Page<HiddenVersion> listHidden(String prefix, Optional<String> after) throws IOException {
        throw cannotLock();
    }

    private static StorageException cannotLock() {
        return new StorageException.Rejected(
                StorageException.Reason.INVALID, "this provider cannot lock objects against deletion", null);
    }

    @Override
    void close() throws IOException;
}
