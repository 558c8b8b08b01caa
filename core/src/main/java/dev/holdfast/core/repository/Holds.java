package dev.holdfast.core.repository;

import dev.holdfast.core.crypto.AuthenticationFailedException;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.SnapshotId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The holds of a repository: objects of their own, so that every host sees them, and none rewrites a snapshot. */
public final class Holds {
    private final Repository repository;
    private final RepositorySecret secret;

    public Holds(Repository repository, RepositorySecret secret) {
        this.repository = repository;
        this.secret = secret;
    }

    /**
     * Why each held snapshot of a source is held. One whose object is damaged or forged is held too, and the reason says so: in doubt nothing is removed.
     */
    public Map<SnapshotId, String> reasons(SourceName source) throws IOException {
        Map<SnapshotId, String> reasons = new LinkedHashMap<>();
        for (StoredObject object : repository.storage().list(Layout.holds(source))) {
            Optional<SnapshotId> snapshot = Layout.held(object.key());
            if (snapshot.isPresent()) {
                Optional<String> reason = reason(object.key());
                reason.ifPresent(text -> reasons.put(snapshot.get(), text));
            }
        }
        return reasons;
    }

    private Optional<String> reason(ObjectKey key) throws IOException {
        try {
            return read(key).map(Hold::reason);
        } catch (FormatException | AuthenticationFailedException e) {
            return Optional.of(
                    "its hold cannot be trusted (" + e.getMessage() + "); look at it, then: holdfast release");
        }
    }

    private Optional<Hold> read(ObjectKey key) throws IOException {
        Optional<InputStream> opened = repository.storage().get(key, ByteRange.ALL);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = opened.get()) {
            return Optional.of(Hold.decode(key.text(), in.readNBytes(Hold.MAXIMUM_BYTES), secret));
        }
    }

    /**
     * Holds a snapshot.
     *
     * @throws StorageException.Rejected of reason EXISTS when it is held already: the first hold stays as it is
     */
    public void place(Hold hold) throws IOException {
        if (!hold.repository().equals(repository.descriptor().repository())) {
            throw new IllegalArgumentException("the hold is for another repository");
        }
        repository
                .storage()
                .put(Layout.hold(hold.source(), hold.snapshot()), Body.of(hold.encode(secret)), PutMode.IF_ABSENT);
    }

    /** Ends a hold, whatever its object holds. Returns whether there was one. */
    public Outcome release(SourceName source, SnapshotId snapshot) throws IOException {
        ObjectKey key = Layout.hold(source, snapshot);
        if (repository.storage().stat(key).isEmpty()) {
            return Outcome.WAS_NOT_HELD;
        }
        repository.storage().delete(key);
        return Outcome.RELEASED;
    }

    /** What a release found. */
    public enum Outcome {
        RELEASED,
        WAS_NOT_HELD
    }
}
