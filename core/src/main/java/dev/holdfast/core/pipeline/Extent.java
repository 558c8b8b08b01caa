package dev.holdfast.core.pipeline;

import dev.holdfast.core.repository.ChunkRef;
import dev.holdfast.core.repository.Recipe;
import java.util.ArrayList;
import java.util.List;

/**
 * Chunks of a stream that lie one after the other in one pack, so that one read fetches them: at most 8 MiB of plain text.
 *
 * @param pack position in the header's packs
 * @param offset of the first chunk in the pack
 * @param sealedLength bytes to read
 * @param rawLength bytes of plain text
 */
record Extent(int pack, int offset, int sealedLength, int rawLength, List<ChunkRef> chunks) {
    static final int MAX_RAW_BYTES = 8 << 20;

    /** The extent that begins with the chunk at {@code first}, ending before {@code end} at the latest. */
    static Extent from(Recipe recipe, int first, int end) {
        ChunkRef head = recipe.chunk(first);
        List<ChunkRef> chunks = new ArrayList<>();
        chunks.add(head);
        int sealed = head.sealedLength();
        int raw = head.rawLength();
        for (int i = first + 1; i < end; i++) {
            ChunkRef next = recipe.chunk(i);
            boolean follows = next.pack() == head.pack() && next.offset() == head.offset() + sealed;
            if (!follows || raw + next.rawLength() > MAX_RAW_BYTES) {
                break;
            }
            chunks.add(next);
            sealed += next.sealedLength();
            raw += next.rawLength();
        }
        return new Extent(head.pack(), head.offset(), sealed, raw, chunks);
    }
}
