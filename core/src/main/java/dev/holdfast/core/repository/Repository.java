package dev.holdfast.core.repository;

import dev.holdfast.core.chunk.Chunking;
import dev.holdfast.core.crypto.AuthenticationFailedException;
import dev.holdfast.core.crypto.HostKey;
import dev.holdfast.core.crypto.Identity;
import dev.holdfast.core.crypto.KeyType;
import dev.holdfast.core.crypto.Recipient;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.crypto.WrongKeyException;
import dev.holdfast.core.crypto.X25519Recipient;
import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.PackId;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.SnapshotId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.Storage;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A repository in a storage: one descriptor, and the snapshots and packs of each source. Everything here but {@link #unlock} and {@link
 * #recipe} works without a key, but then trusts the descriptor as it was found.
 */
public final class Repository {
    /** Larger than any object but a pack of a future format; bounds what a hostile storage can make us hold. */
    private static final int MAX_DESCRIPTOR_BYTES = 1 << 20;

    private final Storage storage;
    private final Descriptor.Unverified found;

    private Repository(Storage storage, Descriptor.Unverified found) {
        this.storage = storage;
        this.found = found;
    }

    /**
     * Makes a repository in an empty storage. Whoever calls this keeps the id and the keys first: what dies in between must not leave a repository
     * that nobody can open.
     *
     * @throws StorageException.Rejected of reason EXISTS when there is one already
     */
    public static Repository create(
            Storage storage,
            RepositoryId repository,
            RepositorySecret secret,
            Chunking chunking,
            List<Recipient> recipients,
            Descriptor.Host host,
            Instant now,
            SecureRandom random)
            throws IOException {
        if (find(storage).isPresent()) {
            throw new StorageException.Rejected(
                    StorageException.Reason.EXISTS, "there is a repository in this storage already", null);
        }
        List<Descriptor.Sealed> sealed = recipients.stream()
                .map(recipient ->
                        new Descriptor.Sealed(publicText(recipient), secret.wrapFor(recipient, repository, random)))
                .toList();
        Descriptor descriptor = new Descriptor(repository, 1, now, chunking, sealed, List.of(host));
        return write(storage, descriptor, secret);
    }

    private static Optional<String> publicText(Recipient recipient) {
        return recipient instanceof X25519Recipient x25519 ? Optional.of(x25519.text()) : Optional.empty();
    }

    private static Repository write(Storage storage, Descriptor descriptor, RepositorySecret secret)
            throws IOException {
        ObjectKey key = Layout.descriptor(descriptor.generation());
        byte[] object = descriptor.encode(secret);
        storage.put(key, Body.of(object), PutMode.IF_ABSENT);
        return new Repository(storage, Descriptor.decode(key.text(), object));
    }

    /**
     * The repository in a storage, by its newest descriptor; empty when there is none.
     *
     * @throws FormatException also when there are snapshots and no descriptor: a new one must not be made over them
     */
    public static Optional<Repository> find(Storage storage) throws IOException {
        List<StoredObject> descriptors = listDescriptors(storage);
        if (descriptors.isEmpty()) {
            requireNoSnapshots(storage);
            return Optional.empty();
        }
        StoredObject newest = descriptors.getLast();
        byte[] object = readDescriptor(storage, newest.key());
        return Optional.of(
                new Repository(storage, Descriptor.decode(newest.key().text(), object)));
    }

    static List<StoredObject> listDescriptors(Storage storage) throws IOException {
        return storage.list(Layout.DESCRIPTORS).stream()
                .filter(object -> Layout.isDescriptor(object.key()))
                .toList();
    }

    static byte[] readDescriptor(Storage storage, ObjectKey key) throws IOException {
        return readAll(storage, key, MAX_DESCRIPTOR_BYTES);
    }

    static void requireNoSnapshots(Storage storage) throws IOException {
        if (storage.list(Layout.SNAPSHOTS).stream().anyMatch(object -> Layout.isSnapshot(object.key()))) {
            throw new FormatException(
                    "descriptor/: its objects are missing, and there are snapshots, which do not open without:"
                            + " bring them back from a copy or an older version of the storage");
        }
    }

    /** The same repository with one more host whose signatures count: writes the next generation of the descriptor. */
    public Repository withHost(Descriptor.Host host, RepositorySecret secret) throws IOException {
        Descriptor now = verified(secret);
        List<Descriptor.Host> hosts = new ArrayList<>(now.hosts());
        hosts.add(host);
        return write(
                storage,
                new Descriptor(
                        now.repository(), now.generation() + 1, now.created(), now.chunking(), now.recipients(), hosts),
                secret);
    }

    /** The descriptor as it was found. Trust it after {@link #verified} or {@link #unlock}. */
    public Descriptor descriptor() {
        return found.descriptor();
    }

    /** The descriptor, authenticated. */
    public Descriptor verified(RepositorySecret secret) throws AuthenticationFailedException {
        return found.verify(secret);
    }

    /**
     * Opens the repository secret with an identity and authenticates the descriptor with it.
     *
     * @throws WrongKeyException when the repository is sealed to none of the identities
     */
    public RepositorySecret unlock(List<Identity> identities) throws IOException {
        RepositorySecret secret = RepositorySecret.open(
                        identities, descriptor().wrappedSecrets(), descriptor().repository())
                .orElseThrow(() -> new WrongKeyException("this key does not open the repository: it is sealed to "
                        + descriptor().recipients().stream()
                                .map(r -> r.secret().type().label() + " "
                                        + r.secret().recipientId())
                                .toList()));
        found.verify(secret);
        return secret;
    }

    /**
     * Everyone a new run is sealed to.
     *
     * @param keys master keys at hand, which a repository sealed to one needs for writing too
     * @throws WrongKeyException when a master key is missing
     */
    public List<Recipient> recipients(List<Identity> keys) throws WrongKeyException {
        List<Recipient> recipients = new ArrayList<>();
        for (Descriptor.Sealed sealed : descriptor().recipients()) {
            recipients.add(recipient(sealed, keys));
        }
        return recipients;
    }

    private static Recipient recipient(Descriptor.Sealed sealed, List<Identity> keys) throws WrongKeyException {
        if (sealed.publicText().isPresent()) {
            return Recipient.parse(sealed.publicText().get());
        }
        String id = sealed.secret().recipientId();
        return keys.stream()
                .filter(key -> key.type() == KeyType.MASTER_KEY && key.id().equals(id))
                .map(Identity::recipient)
                .findFirst()
                .orElseThrow(() -> new WrongKeyException(
                        "the repository is sealed to master key " + id + ": give its file with --identity"));
    }

    public Storage storage() {
        return storage;
    }

    /** Keys and sizes of all snapshots, or of one source's, oldest first within a source. */
    public List<StoredObject> listSnapshots(Optional<SourceName> source) throws IOException {
        return storage.list(source.map(Layout::snapshots).orElse(Layout.SNAPSHOTS)).stream()
                .filter(object -> Layout.isSnapshot(object.key()))
                .toList();
    }

    /** When a snapshot that {@link #listSnapshots} gave was finished, cut to seconds, by its name alone. */
    public static Instant finished(StoredObject snapshot) {
        return Layout.finished(snapshot.key())
                .orElseThrow(() -> new IllegalArgumentException(snapshot.key() + " is not the name of a snapshot"));
    }

    /** Every pack of a source that is in the storage. Objects there that are not named as packs are left out. */
    public Map<PackId, StoredObject> listPacks(SourceName source) throws IOException {
        Map<PackId, StoredObject> packs = new HashMap<>();
        for (StoredObject object : storage.list(Layout.packs(source))) {
            packId(object.key()).ifPresent(id -> packs.put(id, object));
        }
        return packs;
    }

    private static Optional<PackId> packId(ObjectKey key) {
        try {
            return Optional.of(new PackId(key.name()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The sources that have packs or snapshots, in order. */
    public List<SourceName> sources() throws IOException {
        NavigableSet<SourceName> names = new TreeSet<>();
        for (String top : List.of(Layout.SNAPSHOTS, Layout.PACKS)) {
            storage.forEach(top, object -> Layout.source(object.key()).ifPresent(names::add));
        }
        return List.copyOf(names);
    }

    /** Reads a snapshot and checks its name and signature. */
    public Snapshot readSnapshot(ObjectKey key) throws IOException {
        SnapshotObject object = SnapshotObject.decode(key.text(), readAll(storage, key, Integer.MAX_VALUE - 16));
        object.verify(descriptor());
        return new Snapshot(object);
    }

    /** Whether there is a hold for a snapshot, trusted or not: see {@link Holds}. */
    public boolean isHeld(SourceName source, SnapshotId snapshot) throws IOException {
        return storage.stat(Layout.hold(source, snapshot)).isPresent();
    }

    /** Opens the recipe of a snapshot. */
    public Recipe recipe(Snapshot snapshot, RepositorySecret secret)
            throws FormatException, AuthenticationFailedException {
        return snapshot.object().recipe(secret.indexCipher(descriptor().repository()));
    }

    public void putPack(SourceName source, PackBuilder.Finished pack) throws IOException {
        storage.put(Layout.pack(source, pack.id()), pack.body(), PutMode.REPLACE);
    }

    /** Writes the snapshot object: from here on the snapshot exists. */
    public void commit(SnapshotHeader header, List<byte[]> recipe, HostKey host) throws IOException {
        storage.put(header.key(), Body.of(SnapshotObject.encode(header, recipe, host)), PutMode.IF_ABSENT);
    }

    /** The object of the descriptor that counts. */
    public ObjectKey descriptorKey() {
        return Layout.descriptor(descriptor().generation());
    }

    public ObjectKey packKey(SourceName source, PackId pack) {
        return Layout.pack(source, pack);
    }

    /** Reads a range of a pack whole into {@code into} from its start. */
    public void readPack(SourceName source, PackId pack, ByteRange range, byte[] into) throws IOException {
        ObjectKey key = Layout.pack(source, pack);
        int length = Math.toIntExact(range.length());
        try (InputStream in = storage.get(key, range).orElseThrow(() -> new FormatException(key + ": is missing"))) {
            int read = in.readNBytes(into, 0, length);
            if (read != length) {
                throw new FormatException(
                        key + ": ends " + (length - read) + " bytes before the chunks that should be in it");
            }
        }
    }

    static byte[] readAll(Storage storage, ObjectKey key, int maxBytes) throws IOException {
        try (InputStream in =
                storage.get(key, ByteRange.ALL).orElseThrow(() -> new FormatException(key + ": is missing"))) {
            byte[] bytes = in.readNBytes(maxBytes);
            if (in.read() >= 0) {
                throw new FormatException(key + ": is larger than such an object can be");
            }
            return bytes;
        }
    }
}
