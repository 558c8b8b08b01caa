package dev.holdfast.core.repository;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What marks a storage as holding a copy of a repository: the object {@code role}. A copy has the id, the keys and the sources of the repository
 * that runs write to, so nothing else tells the two apart, and a run that wrote to the copy would make two histories of one repository. The mark
 * guards against mistakes, not against attackers: who may write there may change it.
 *
 * @param repository the one that is copied
 */
public record CopyMark(Role role, RepositoryId repository) {
    static final ObjectKey KEY = new ObjectKey("role");
    private static final int FORMAT = 1;
    private static final int MAX_BYTES = 1 << 16;

    /** What a marked storage is for. */
    public enum Role {
        /** Only replication and removal write here. */
        COPY("copy"),
        /** Was a copy; runs write to it now, and nothing is copied into it any more. */
        PRIMARY("primary");

        private final String label;

        Role(String label) {
            this.label = label;
        }

        private static Role of(String label) {
            for (Role role : values()) {
                if (role.label.equals(label)) {
                    return role;
                }
            }
            throw new IllegalArgumentException("role \"" + label + "\" is not known to this version");
        }
    }

    /**
     * The mark of a storage; empty for a repository that was never a copy, and for a storage that holds none.
     *
     * @throws FormatException when it says what this version does not know
     */
    public static Optional<CopyMark> find(Storage storage) throws IOException {
        Optional<InputStream> opened = storage.get(KEY, ByteRange.ALL);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = opened.get()) {
            Json json = Json.parse(KEY.text(), in.readNBytes(MAX_BYTES));
            json.requireKnownFormat(FORMAT, List.of());
            return Optional.of(json.valid(
                    () -> new CopyMark(Role.of(json.text("role")), new RepositoryId(json.text("repository")))));
        }
    }

    /** Whether a storage is marked as a copy, and not promoted since. */
    public static boolean isCopy(Storage storage) throws IOException {
        return find(storage).filter(mark -> mark.role == Role.COPY).isPresent();
    }

    /** Puts the mark, over another one. */
    void put(Storage storage) throws IOException {
        String json = new String(
                Json.bytes(Json.object()
                        .put("format", FORMAT)
                        .put("role", role.label)
                        .put("repository", repository.hex())),
                StandardCharsets.UTF_8);
        storage.put(KEY, Body.of((json + "\n").getBytes(StandardCharsets.UTF_8)), PutMode.REPLACE);
    }

    /**
     * Makes a copy a repository that runs write to, for when the one it was copied from is lost.
     *
     * @throws FormatException when the storage is not marked as a copy
     */
    public static void promote(Storage storage) throws IOException {
        CopyMark copy = find(storage)
                .filter(mark -> mark.role == Role.COPY)
                .orElseThrow(
                        () -> new FormatException("this storage is not marked as a copy: there is nothing to promote"));
        new CopyMark(Role.PRIMARY, copy.repository).put(storage);
    }
}
