package dev.holdfast.core.pipeline;

import dev.holdfast.core.crypto.ChunkIdentifier;
import dev.holdfast.core.repository.ChunkRef;
import dev.holdfast.core.repository.FormatException;
import dev.holdfast.core.repository.PackRef;
import dev.holdfast.core.repository.Recipe;
import dev.holdfast.core.repository.RecipeStream;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.SnapshotHeader;
import dev.holdfast.core.storage.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** One stream of a snapshot, fetched and opened ahead by several threads, given out in order. Once failed, it stays failed. */
final class RestoreStream extends InputStream {
    private final Repository repository;
    private final SnapshotHeader header;
    private final Recipe recipe;
    private final RecipeStream stream;
    private final RunProgress progress;
    private final Supplier<ChunkOpener> openers;
    private final int threads;
    private final ExecutorService workers;
    private final ConcurrentLinkedQueue<ChunkOpener> idle = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<byte[]> buffers = new ConcurrentLinkedQueue<>();
    private final Deque<Future<Piece>> ahead = new ArrayDeque<>();
    private final MessageDigest digest = ChunkIdentifier.newSha256();
    private final int end;
    private int next;
    private Piece piece = Piece.NONE;
    private int position;
    private long given;
    private boolean done;
    private Optional<IOException> failure = Optional.empty();

    RestoreStream(
            Repository repository,
            SnapshotHeader header,
            Recipe recipe,
            RecipeStream stream,
            int threads,
            Supplier<ChunkOpener> openers,
            RunProgress progress) {
        this.repository = repository;
        this.header = header;
        this.recipe = recipe;
        this.stream = stream;
        this.threads = threads;
        this.openers = openers;
        this.progress = progress;
        this.workers = Executors.newFixedThreadPool(threads, Threads.named("holdfast-restore"));
        this.next = recipe.firstChunk(stream);
        this.end = next + (int) stream.chunks();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        if (failure.isPresent()) {
            throw new IOException(failure.get().getMessage(), failure.get());
        }
        try {
            if (position == piece.length() && !turn()) {
                return -1;
            }
        } catch (IOException e) {
            failure = Optional.of(e);
            throw e;
        }
        int count = Math.min(length, piece.length() - position);
        System.arraycopy(piece.bytes(), position, bytes, offset, count);
        position += count;
        given += count;
        progress.addRead(count);
        return count;
    }

    /** Moves on to the next piece; false at the end, which is checked first. */
    private boolean turn() throws IOException {
        if (done) {
            return false;
        }
        if (piece.bytes().length > 0) {
            buffers.add(piece.bytes());
        }
        piece = Piece.NONE;
        position = 0;
        while (next < end && ahead.size() <= threads) {
            Extent extent = Extent.from(recipe, next, end);
            next += extent.chunks().size();
            ahead.add(workers.submit(() -> fetch(extent)));
        }
        if (ahead.isEmpty()) {
            finish();
            return false;
        }
        piece = Threads.get(ahead.remove());
        piece.digests().forEach(digest::update);
        return true;
    }

    private void finish() throws IOException {
        String found = HexFormat.of().formatHex(digest.digest());
        if (given != stream.bytes() || !found.equals(stream.digest())) {
            throw new FormatException(header.key() + ": a stream's length or digest is not what its recipe says");
        }
        done = true;
    }

    private Piece fetch(Extent extent) throws IOException {
        PackRef pack = header.packs().get(extent.pack());
        String name = repository.packKey(header.source(), pack.id()).text();
        ChunkOpener opener = Objects.requireNonNullElseGet(idle.poll(), openers);
        byte[] sealed = opener.sealedBuffer(extent.sealedLength());
        repository.readPack(header.source(), pack.id(), new ByteRange(extent.offset(), extent.sealedLength()), sealed);
        byte[] out = Objects.requireNonNullElseGet(buffers.poll(), () -> new byte[Extent.MAX_RAW_BYTES]);
        List<byte[]> digests = new ArrayList<>(extent.chunks().size());
        int at = 0;
        for (ChunkRef chunk : extent.chunks()) {
            digests.add(opener.open(name, chunk, sealed, chunk.offset() - extent.offset(), out, at));
            at += chunk.rawLength();
        }
        idle.add(opener);
        return new Piece(out, at, digests);
    }

    @Override
    public void close() {
        ahead.forEach(future -> future.cancel(true));
        ahead.clear();
        workers.close();
        idle.forEach(ChunkOpener::close);
        idle.clear();
    }

    /** Plain text of one extent, and its chunks' digests. */
    @SuppressWarnings("ArrayRecordComponent") // a buffer on its way, never compared
    private record Piece(byte[] bytes, int length, List<byte[]> digests) {
        static final Piece NONE = new Piece(new byte[0], 0, List.of());
    }
}
