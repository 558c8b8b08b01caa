package dev.holdfast.core.repository;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The opened recipe of a snapshot: its streams, where their chunks lie, and the evidence. */
public final class Recipe {
    private final byte[] entries;
    private final List<RecipeStream> streams;
    private final Map<String, Object> evidence;

    private Recipe(byte[] entries, List<RecipeStream> streams, Map<String, Object> evidence) {
        this.entries = entries;
        this.streams = streams;
        this.evidence = evidence;
    }

    /** Reads the plain text of a recipe and checks it against its header. */
    static Recipe decode(String name, byte[] text, SnapshotHeader header) throws FormatException {
        String what = name + " recipe";
        if (text.length < Integer.BYTES) {
            throw new FormatException(what + ": too short");
        }
        int jsonLength = ByteBuffer.wrap(text, text.length - Integer.BYTES, Integer.BYTES)
                .getInt();
        int entriesLength = text.length - Integer.BYTES - jsonLength;
        if (jsonLength < 0 || entriesLength < 0 || entriesLength % ChunkRef.BYTES != 0) {
            throw new FormatException(what + ": its lengths do not fit");
        }
        byte[] jsonBytes = new byte[jsonLength];
        System.arraycopy(text, entriesLength, jsonBytes, 0, jsonLength);
        Json json = Json.parse(what, jsonBytes);
        List<RecipeStream> streams = json.valid(() -> streams(json));
        byte[] entries = java.util.Arrays.copyOf(text, entriesLength);
        Recipe recipe = new Recipe(entries, streams, json.map("evidence"));
        recipe.check(what, header);
        return recipe;
    }

    private static List<RecipeStream> streams(Json json) throws FormatException {
        List<RecipeStream> streams = new ArrayList<>();
        for (Json item : json.list("streams")) {
            streams.add(new RecipeStream(
                    item.text("name"), item.number("bytes"), item.number("chunks"), item.text("digest")));
        }
        return streams;
    }

    private void check(String what, SnapshotHeader header) throws FormatException {
        long total = 0;
        long bytes = 0;
        int position = 0;
        Set<String> names = new HashSet<>();
        for (RecipeStream stream : streams) {
            if (!names.add(stream.name())) {
                throw new FormatException(what + ": two streams have the same name");
            }
            total += stream.chunks();
            if (total > chunkCount()) {
                break;
            }
            long length = 0;
            for (long i = 0; i < stream.chunks(); i++) {
                length += checked(what, position++, header).rawLength();
            }
            if (length != stream.bytes()) {
                throw new FormatException(what + ": the chunks of a stream do not add up to its length");
            }
            bytes += length;
        }
        if (total != chunkCount()) {
            throw new FormatException(what + ": has " + chunkCount() + " chunks, its streams name " + total);
        }
        if (bytes != header.plaintextBytes()) {
            throw new FormatException(what + ": its streams do not add up to the header's size");
        }
    }

    private ChunkRef checked(String what, int position, SnapshotHeader header) throws FormatException {
        try {
            ChunkRef chunk = chunk(position);
            if (chunk.run() >= header.runs().size()
                    || chunk.pack() >= header.packs().size()) {
                throw new FormatException(what + ": a chunk names a pack or run that the header does not have");
            }
            long end = (long) chunk.offset() + chunk.sealedLength();
            if (end > header.packs().get(chunk.pack()).bytes()) {
                throw new FormatException(what + ": a chunk lies beyond the end of its pack");
            }
            return chunk;
        } catch (IllegalArgumentException e) {
            throw new FormatException(what + ": " + e.getMessage(), e);
        }
    }

    public List<RecipeStream> streams() {
        return streams;
    }

    /** What was observed while dumping, as a tree of Map, List, String, Number and Boolean. */
    public Map<String, Object> evidence() {
        return evidence;
    }

    /** Number of chunks of all streams. */
    public int chunkCount() {
        return entries.length / ChunkRef.BYTES;
    }

    /** The chunk at a position, counted from 0 over all streams. */
    public ChunkRef chunk(int position) {
        return ChunkRef.read(ByteBuffer.wrap(entries, position * ChunkRef.BYTES, ChunkRef.BYTES));
    }

    /** The position of a stream's first chunk. */
    public int firstChunk(RecipeStream wanted) {
        int position = 0;
        for (RecipeStream stream : streams) {
            if (stream.equals(wanted)) {
                return position;
            }
            position += (int) stream.chunks();
        }
        throw new IllegalArgumentException("stream is not of this recipe");
    }
}
