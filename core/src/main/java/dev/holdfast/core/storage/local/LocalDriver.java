package dev.holdfast.core.storage.local;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.BodyInput;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.Capability;
import dev.holdfast.core.storage.Page;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.StorageDriver;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Objects as files below a folder that exists already. A put writes a part file, syncs it, and gives it its name in one
 * step; it returns when file, name and new folders are on the disk. Symbolic links below the root are never followed.
 *
 * <p>A folder that became empty stays. While it does, no object can have its name.
 */
public final class LocalDriver implements StorageDriver {
    private static final int PAGE_ITEMS = 1000;
    private static final int PIECE_BYTES = 256 * 1024;

    private final Path root;
    private final LocalFolders folders;
    private final LocalParts parts;
    private final AtomicReference<Optional<Continuation>> unfinished = new AtomicReference<>(Optional.empty());

    /** A listing between two pages, so that the next page need not read the folders again. */
    private record Continuation(String prefix, String after, LocalWalk walk) {}

    /**
     * Opens a folder.
     *
     * @throws StorageException.Rejected with NO_ROOT when the folder is missing: it is never made here
     */
    public LocalDriver(Path root) throws IOException {
        this(root, Clock.systemUTC());
    }

    LocalDriver(Path root, Clock clock) throws IOException {
        this.root = root.toAbsolutePath().normalize();
        try {
            folders = new LocalFolders(this.root);
            parts = LocalParts.open(folders, clock.instant());
        } catch (IOException e) {
            throw LocalErrors.of(e, "opening " + this.root, this.root);
        }
    }

    @Override
    public void put(ObjectKey key, Body body, PutMode mode) throws IOException {
        try (BodyInput in = BodyInput.open(body)) {
            try {
                put(key, body, in, mode);
            } catch (IOException e) {
                // the body's own failure is not the disk's, and goes out as it is
                throw in.failure().orElseGet(() -> LocalErrors.of(e, key.text(), root));
            }
        }
    }

    private void put(ObjectKey key, Body body, BodyInput in, PutMode mode) throws IOException {
        Path target = folders.prepare(key);
        if (mode == PutMode.IF_ABSENT && LocalFolders.attributes(target).isPresent()) {
            throw exists(key, null); // spares the write; the link below decides
        }
        try (LocalParts.Part part = parts.create()) {
            write(part.channel(), body, in);
            part.channel().force(true);
            switch (mode) {
                case REPLACE -> part.moveTo(target);
                case IF_ABSENT -> link(part, target, key);
            }
        }
        LocalFolders.sync(folderOf(target));
    }

    private static void link(LocalParts.Part part, Path target, ObjectKey key) throws IOException {
        try {
            part.linkTo(target);
        } catch (FileAlreadyExistsException e) {
            throw exists(key, e);
        }
    }

    private static StorageException exists(ObjectKey key, @Nullable IOException cause) {
        return new StorageException.Rejected(
                StorageException.Reason.EXISTS, key + ": exists already and was left as it is", cause);
    }

    private static void write(FileChannel channel, Body body, BodyInput in) throws IOException {
        if (body instanceof Body.Memory(byte[] content, int offset, int length)) {
            for (int done = 0; done < length; done += PIECE_BYTES) {
                writeAll(channel, ByteBuffer.wrap(content, offset + done, Math.min(PIECE_BYTES, length - done)));
            }
            return;
        }
        byte[] buffer = new byte[Math.clamp(body.bytes(), 1, PIECE_BYTES)];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            writeAll(channel, ByteBuffer.wrap(buffer, 0, count));
        }
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public Optional<InputStream> get(ObjectKey key, ByteRange range) throws IOException {
        try {
            Optional<Path> target = folders.find(key);
            if (target.isEmpty() || file(target.get()).isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(open(target.get(), range));
        } catch (NoSuchFileException deletedMeanwhile) {
            folders.requireRoot();
            return Optional.empty();
        } catch (IOException e) {
            throw LocalErrors.of(e, key.text(), root);
        }
    }

    private InputStream open(Path target, ByteRange range) throws IOException {
        FileChannel channel = FileChannel.open(target, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try {
            long size = channel.size();
            long offset = Math.min(range.offset(), size);
            return new LocalInput(channel, offset, offset + Math.min(range.length(), size - offset), root);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Optional<StoredObject> stat(ObjectKey key) throws IOException {
        try {
            Optional<Path> target = folders.find(key);
            if (target.isEmpty()) {
                return Optional.empty();
            }
            return file(target.get())
                    .map(found -> new StoredObject(
                            key, found.size(), found.lastModifiedTime().toInstant()));
        } catch (IOException e) {
            throw LocalErrors.of(e, key.text(), root);
        }
    }

    private Optional<BasicFileAttributes> file(Path target) throws IOException {
        Optional<BasicFileAttributes> found =
                LocalFolders.attributes(target).filter(BasicFileAttributes::isRegularFile);
        if (found.isEmpty()) {
            folders.requireRoot(); // "there is none" must not be said of a disk that has gone
        }
        return found;
    }

    @Override
    public Page<StoredObject> list(String prefix, Optional<String> after) throws IOException {
        try {
            Optional<LocalWalk> walk = walk(prefix, after.orElse(""));
            return walk.isEmpty() ? new Page<>(List.of(), Optional.empty()) : page(prefix, walk.get());
        } catch (IOException e) {
            throw LocalErrors.of(e, "listing " + prefix, root);
        }
    }

    private Optional<LocalWalk> walk(String prefix, String after) throws IOException {
        folders.requireRoot();
        Optional<Continuation> waiting = unfinished.getAndSet(Optional.empty());
        if (waiting.isPresent()
                && waiting.get().prefix().equals(prefix)
                && waiting.get().after().equals(after)) {
            return waiting.map(Continuation::walk);
        }
        String keyStart = prefix.substring(0, prefix.lastIndexOf('/') + 1);
        Optional<Path> top = folders.findFolder(keyStart);
        return top.isEmpty() ? Optional.empty() : Optional.of(new LocalWalk(top.get(), keyStart, prefix, after));
    }

    private Page<StoredObject> page(String prefix, LocalWalk walk) throws IOException {
        List<StoredObject> items = new ArrayList<>();
        for (Optional<StoredObject> next = walk.next(); next.isPresent(); next = walk.next()) {
            items.add(next.get());
            if (items.size() == PAGE_ITEMS) {
                String last = next.get().key().text();
                unfinished.set(Optional.of(new Continuation(prefix, last, walk)));
                return new Page<>(items, Optional.of(last));
            }
        }
        return new Page<>(items, Optional.empty());
    }

    @Override
    public void delete(ObjectKey key) throws IOException {
        try {
            Optional<Path> target = folders.find(key);
            if (target.isPresent() && file(target.get()).isPresent()) {
                Files.deleteIfExists(target.get());
                LocalFolders.sync(folderOf(target.get()));
            }
        } catch (IOException e) {
            throw LocalErrors.of(e, key.text(), root);
        }
    }

    private Path folderOf(Path target) {
        Path folder = target.getParent();
        return folder == null ? root : folder;
    }

    @Override
    public Set<Capability> capabilities() {
        return parts.linksAreKept() ? Set.of(Capability.IF_ABSENT) : Set.of();
    }

    @Override
    public void close() {
        unfinished.set(Optional.empty());
    }
}
