package dev.holdfast.core.repository;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.core.crypto.IndexCipher;
import dev.holdfast.core.model.SnapshotId;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Writes a recipe as it grows: all chunk references in order, then JSON with streams and evidence, then the JSON's length in 4
 * bytes; cut into segments of 4 MiB, each sealed as soon as the next begins.
 */
public final class RecipeWriter {
    static final int SEGMENT_BYTES = 4 << 20;

    private final IndexCipher cipher;
    private final SnapshotId snapshot;
    private final SecureRandom random;
    private final int segmentBytes;
    private final List<byte[]> sealed = new ArrayList<>();
    private byte[] segment = new byte[4096];
    private int fill;
    private final ByteBuffer entry = ByteBuffer.allocate(ChunkRef.BYTES);

    public RecipeWriter(IndexCipher cipher, SnapshotId snapshot, SecureRandom random) {
        this(cipher, snapshot, random, SEGMENT_BYTES);
    }

    RecipeWriter(IndexCipher cipher, SnapshotId snapshot, SecureRandom random, int segmentBytes) {
        this.cipher = cipher;
        this.snapshot = snapshot;
        this.random = random;
        this.segmentBytes = segmentBytes;
    }

    public void add(ChunkRef chunk) {
        entry.clear();
        chunk.write(entry);
        append(entry.array());
    }

    /** Ends the recipe; returns its sealed segments in order. */
    public List<byte[]> finish(List<RecipeStream> streams, Map<String, Object> evidence) {
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("streams");
        for (RecipeStream stream : streams) {
            list.addObject()
                    .put("name", stream.name())
                    .put("bytes", stream.bytes())
                    .put("chunks", stream.chunks())
                    .put("digest", stream.digest());
        }
        json.set("evidence", Json.tree(evidence));
        byte[] text = Json.bytes(json);
        append(text);
        append(ByteBuffer.allocate(Integer.BYTES).putInt(text.length).array());
        seal(IndexCipher.End.LAST);
        return List.copyOf(sealed);
    }

    private void append(byte[] bytes) {
        int done = 0;
        while (done < bytes.length) {
            if (fill == segmentBytes) {
                seal(IndexCipher.End.MORE);
            }
            int length = Math.min(bytes.length - done, segmentBytes - fill);
            if (fill + length > segment.length) {
                segment = Arrays.copyOf(segment, Math.min(segmentBytes, Math.max(fill + length, segment.length * 2)));
            }
            System.arraycopy(bytes, done, segment, fill, length);
            fill += length;
            done += length;
        }
    }

    private void seal(IndexCipher.End end) {
        sealed.add(cipher.sealSegment(
                Arrays.copyOf(segment, fill), new IndexCipher.Segment(snapshot, sealed.size(), end), random));
        fill = 0;
    }
}
