package dev.holdfast.core.repository;

import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.Capability;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.Storage;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageException.Reason;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A copy of a repository in another storage: the same objects under the same keys, and a {@link CopyMark}. Needs no key. Every step may be
 * repeated, also by two at once.
 */
public final class RepositoryCopy {
    private final Repository copy;
    private final List<String> problems;

    private RepositoryCopy(Repository copy, List<String> problems) {
        this.copy = copy;
        this.problems = List.copyOf(problems);
    }

    /** What happens to a storage that holds the repository and is not marked as a copy. */
    public enum Unmarked {
        /** It may be the very repository that runs write to. */
        REFUSE,
        /** It becomes a copy: somebody knows that it is one, made by other means. */
        ADOPT
    }

    /**
     * Marks the target as a copy and brings its descriptors up to those of the source.
     *
     * @param secret when it is at hand, no descriptor is copied that was changed by someone without it
     * @throws StorageException.Rejected of reason EXISTS when the target holds something else than a copy of this repository
     * @throws FormatException when the target has descriptors of its own: then something wrote to it as if it were no copy
     */
    public static RepositoryCopy open(
            Repository source, Storage target, Unmarked unmarked, Optional<RepositorySecret> secret)
            throws IOException {
        RepositoryId ours = source.descriptor().repository();
        Optional<CopyMark> mark = CopyMark.find(target);
        List<StoredObject> there = Repository.listDescriptors(target);
        if (mark.isPresent()) {
            requireSame(ours, mark.get().repository());
        }
        for (StoredObject object : there) {
            byte[] bytes = Repository.readDescriptor(target, object.key());
            requireSame(
                    ours,
                    Descriptor.decode(object.key().text(), bytes).descriptor().repository());
        }
        if (mark.isEmpty()) {
            requireUnused(target, there, unmarked);
            new CopyMark(CopyMark.Role.COPY, ours).put(target);
        } else if (mark.get().role() == CopyMark.Role.PRIMARY) {
            throw refused("this storage was a copy and is now written to by runs: nothing is copied into it");
        }
        List<String> problems = copyDescriptors(source, target, there, secret);
        Repository copy = Repository.find(target)
                .orElseThrow(
                        () -> new FormatException("descriptor/: the copy has none; look for a rule that deletes it"));
        return new RepositoryCopy(copy, problems);
    }

    private static StorageException refused(String why) {
        return new StorageException.Rejected(Reason.EXISTS, why, null);
    }

    private static void requireSame(RepositoryId ours, RepositoryId theirs) throws StorageException {
        if (!theirs.equals(ours)) {
            throw refused("this storage holds another repository, " + theirs + ", and not " + ours
                    + ": a copy needs a place of its own");
        }
    }

    private static void requireUnused(Storage target, List<StoredObject> descriptors, Unmarked unmarked)
            throws IOException {
        if (descriptors.isEmpty()) {
            Repository.requireNoSnapshots(target);
        } else if (unmarked == Unmarked.REFUSE) {
            throw refused("this storage holds the same repository and is not marked as a copy: it may be the one that"
                    + " is written to. If it is a copy, say --adopt");
        }
    }

    /** Puts what is missing; gives what is wrong with the others. */
    private static List<String> copyDescriptors(
            Repository source, Storage target, List<StoredObject> there, Optional<RepositorySecret> secret)
            throws IOException {
        List<String> problems = new ArrayList<>();
        Set<ObjectKey> known = new HashSet<>();
        for (StoredObject object : Repository.listDescriptors(source.storage())) {
            ObjectKey key = object.key();
            known.add(key);
            byte[] bytes = Repository.readDescriptor(source.storage(), key);
            try {
                Descriptor.Unverified read = Descriptor.decode(key.text(), bytes);
                if (secret.isPresent()) {
                    read.verify(secret.get());
                }
            } catch (IOException e) {
                problems.add("at the source, " + e.getMessage() + "; it is not copied");
                continue;
            }
            if (there.stream().noneMatch(other -> other.key().equals(key))) {
                putIfAbsent(target, key, bytes);
            }
            if (!Arrays.equals(bytes, Repository.readDescriptor(target, key))) {
                throw new FormatException(
                        key + ": the copy's differs from the source's: it is damaged, or something wrote"
                                + " to the copy as if it were no copy");
            }
        }
        there.stream()
                .filter(object -> !known.contains(object.key()))
                .forEach(object -> problems.add("the copy has " + object.key()
                        + ", which the source does not have: it was lost there, or something wrote to the copy"));
        return problems;
    }

    private static void putIfAbsent(Storage target, ObjectKey key, byte[] bytes) throws IOException {
        try {
            target.put(key, Body.of(bytes), PutMode.IF_ABSENT);
        } catch (StorageException.Rejected e) {
            if (e.reason() != Reason.EXISTS) { // somebody else was quicker: compared by the caller
                throw e;
            }
        }
    }

    /**
     * Holds in the copy what is held in the source. A hold that was released at the source stays in the copy until it is released there: in doubt
     * nothing is removed.
     *
     * @param only one source's, or all
     */
    public void copyHolds(Repository source, Optional<SourceName> only) throws IOException {
        String below = only.map(Layout::holds).orElse(Layout.HOLDS);
        Set<ObjectKey> there = new HashSet<>();
        copy.storage().forEach(below, object -> there.add(object.key()));
        for (StoredObject object : source.storage().list(below)) {
            if (Layout.held(object.key()).isPresent() && !there.contains(object.key())) {
                putIfAbsent(
                        copy.storage(),
                        object.key(),
                        Repository.readAll(source.storage(), object.key(), Hold.MAXIMUM_BYTES));
            }
        }
    }

    /** The copy as a repository to read. */
    public Repository repository() {
        return copy;
    }

    /** What was found wrong with descriptors; the copy is usable nevertheless. */
    public List<String> problems() {
        return problems;
    }

    /** Puts a pack whose bytes were compared with its name. One that is there with another length is replaced. */
    public void put(SourceName source, PackRef pack, Body bytes) throws IOException {
        ObjectKey key = Layout.pack(source, pack.id());
        if (!copy.storage().capabilities().contains(Capability.IF_ABSENT)) {
            copy.storage().put(key, bytes, PutMode.REPLACE);
            return;
        }
        try {
            copy.storage().put(key, bytes, PutMode.IF_ABSENT);
        } catch (StorageException.Rejected e) {
            if (e.reason() != Reason.EXISTS) {
                throw e;
            }
            boolean whole = copy.storage()
                    .stat(key)
                    .map(object -> object.bytes() == bytes.bytes())
                    .orElse(false);
            if (!whole) {
                copy.storage().put(key, bytes, PutMode.REPLACE);
            }
        }
    }

    /** Puts a snapshot, which verified at the source: from here on the copy has it. One of other bytes in its place is damaged, and replaced. */
    public void put(Snapshot snapshot) throws IOException {
        ObjectKey key = snapshot.header().key();
        byte[] bytes = snapshot.object().bytes();
        try {
            copy.storage().put(key, Body.of(bytes), PutMode.IF_ABSENT);
        } catch (StorageException.Rejected e) {
            if (e.reason() != Reason.EXISTS) {
                throw e;
            }
            if (!Arrays.equals(bytes, Repository.readAll(copy.storage(), key, Integer.MAX_VALUE - 16))) {
                copy.storage().put(key, Body.of(bytes), PutMode.REPLACE);
            }
        }
    }
}
