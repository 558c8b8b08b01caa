package dev.holdfast.core.repository;

import dev.holdfast.core.chunk.Codec;
import dev.holdfast.core.crypto.AuthenticationFailedException;
import dev.holdfast.core.crypto.ChunkIdentifier;
import dev.holdfast.core.crypto.IndexCipher;
import dev.holdfast.core.model.RunId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The table at the end of a pack: what is in it, for rebuilding when snapshots are lost. Restores do not need it. */
public record PackTable(RunId run, List<Entry> entries) {
    public PackTable {
        entries = List.copyOf(entries);
    }

    /** One sealed chunk of the pack. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Entry(byte[] chunkId, int offset, int sealedLength, int rawLength, Codec codec) {}

    /** Opens the table of a whole pack. */
    public static PackTable open(String name, byte[] pack, IndexCipher cipher)
            throws FormatException, AuthenticationFailedException {
        int footer = pack.length - PackBuilder.FOOTER_BYTES;
        int magic = pack.length - PackBuilder.MAGIC.length;
        if (footer < 0 || !Arrays.equals(pack, magic, pack.length, PackBuilder.MAGIC, 0, PackBuilder.MAGIC.length)) {
            throw new FormatException(name + ": not a pack of a format that this version knows");
        }
        RunId run = RunId.of(Arrays.copyOfRange(pack, footer, footer + RunId.BYTES));
        int length = ByteBuffer.wrap(pack, footer + RunId.BYTES, Integer.BYTES).getInt();
        if (length < 0 || length > footer) {
            throw new FormatException(name + ": the table's length does not fit");
        }
        byte[] text;
        try {
            text = cipher.openTable(Arrays.copyOfRange(pack, footer - length, footer), run);
        } catch (AuthenticationFailedException e) {
            throw new AuthenticationFailedException(name + " table: " + e.getMessage(), e);
        }
        if (text.length % PackBuilder.ENTRY_BYTES != 0) {
            throw new FormatException(name + ": the table is not a whole number of entries");
        }
        ByteBuffer in = ByteBuffer.wrap(text);
        List<Entry> entries = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] id = new byte[ChunkIdentifier.BYTES];
            in.get(id);
            try {
                entries.add(new Entry(id, in.getInt(), in.getInt(), in.getInt(), Codec.of(in.get())));
            } catch (IllegalArgumentException e) {
                throw new FormatException(name + ": " + e.getMessage(), e);
            }
        }
        return new PackTable(run, entries);
    }
}
