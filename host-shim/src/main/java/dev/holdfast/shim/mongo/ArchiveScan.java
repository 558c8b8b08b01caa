package dev.holdfast.shim.mongo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads along an archive of mongodump and counts the documents of each collection.
 *
 * <p>An archive is the magic number 0x8199e26d and blocks. A block is a header document, documents, and the terminator 0xffffffff; a document begins
 * with its length. The first block (the prelude) has versions as its header and one document for each collection. In each other one the header names
 * a collection, and the collection's last block is empty and says EOF. All numbers are little endian. Source: {@code common/archive/spec.md} of
 * mongodb/mongo-tools.
 */
final class ArchiveScan {
    private static final int MAGIC = 0x8199e26d;
    private static final int TERMINATOR = -1;
    /** Documents have 16 MiB at most and a little more inside the server (its BSONObjMaxInternalSize is 16 MiB and 16 KiB). */
    private static final int MAX_DOCUMENT_BYTES = 64 << 20;

    private enum Expected {
        MAGIC,
        HEADER,
        BODY
    }

    private final Map<Namespace, Long> documents = new TreeMap<>();
    private final Set<Namespace> listed = new TreeSet<>();
    private final Set<Namespace> views = new TreeSet<>();
    private final Set<Namespace> ended = new TreeSet<>();
    private final byte[] number = new byte[4];
    private int numberBytes;
    /** The document that is being kept, with its length. */
    private byte[] kept = new byte[0];

    private int keptBytes;
    /** What is left of a document that is only counted. */
    private long skip;

    private Expected expected = Expected.MAGIC;
    private Optional<BsonFields> prelude = Optional.empty();
    private boolean preludeWhole;
    private Namespace current = new Namespace("", "");
    private boolean currentEnds;

    /** Throws {@link ArchiveFormatException} as soon as the bytes are no archive. */
    void add(byte[] bytes, int offset, int length) throws ArchiveFormatException {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            if (skip > 0) {
                int count = (int) Math.min(skip, end - at);
                skip -= count;
                at += count;
            } else if (kept.length > 0) {
                int count = Math.min(kept.length - keptBytes, end - at);
                System.arraycopy(bytes, at, kept, keptBytes, count);
                keptBytes += count;
                at += count;
                finishKept();
            } else {
                number[numberBytes++] = bytes[at++];
                if (numberBytes == number.length) {
                    numberBytes = 0;
                    take(ByteBuffer.wrap(number).order(ByteOrder.LITTLE_ENDIAN).getInt());
                }
            }
        }
    }

    /** Throws when the archive is not whole. */
    void finish() throws ArchiveFormatException {
        boolean between = expected == Expected.HEADER && numberBytes == 0 && kept.length == 0 && skip == 0;
        if (!between || !preludeWhole) {
            throw new ArchiveFormatException("the archive ends in the middle");
        }
        for (Namespace namespace : documents.keySet()) {
            if (!ended.contains(namespace)) {
                throw new ArchiveFormatException("the archive ends before the end of " + namespace);
            }
        }
    }

    /** Documents of each collection that has a block, the captured oplog's entries too. */
    Map<Namespace, Long> documents() {
        return documents;
    }

    /** Views, which have a definition and no documents. */
    Set<Namespace> views() {
        return views;
    }

    /** What the prelude names and no block ended, views left out. */
    Set<Namespace> missing() {
        Set<Namespace> missing = new TreeSet<>(listed);
        missing.removeAll(views);
        missing.removeAll(ended);
        return missing;
    }

    /** Whether the prelude names an oplog captured while the dump ran. */
    boolean hasOplog() {
        return listed.stream().anyMatch(Namespace::isOplog);
    }

    String serverVersion() {
        return preludeText("server_version");
    }

    String toolVersion() {
        return preludeText("tool_version");
    }

    private String preludeText(String name) {
        return prelude.flatMap(fields -> fields.text(name)).orElse("unknown");
    }

    private void take(int value) throws ArchiveFormatException {
        if (expected == Expected.MAGIC) {
            if (value != MAGIC) {
                throw new ArchiveFormatException("the bytes do not begin as an archive does");
            }
            expected = Expected.HEADER;
        } else if (value == TERMINATOR) {
            if (expected == Expected.HEADER) {
                throw new ArchiveFormatException("the archive has a block without a header");
            }
            expected = Expected.HEADER;
            preludeWhole = true;
        } else if (value < 5 || value > MAX_DOCUMENT_BYTES) {
            throw new ArchiveFormatException("the archive has a document of " + value + " bytes");
        } else if (expected == Expected.BODY && preludeWhole) {
            if (currentEnds) {
                throw new ArchiveFormatException("the archive has documents after the end of " + current);
            }
            documents.merge(current, 1L, Long::sum);
            skip = value - 4L;
        } else {
            kept = new byte[value];
            System.arraycopy(number, 0, kept, 0, number.length);
            keptBytes = number.length;
        }
    }

    private void finishKept() throws ArchiveFormatException {
        if (keptBytes < kept.length) {
            return;
        }
        BsonFields fields = BsonFields.of(kept);
        kept = new byte[0];
        if (preludeWhole) {
            begin(fields);
        } else if (prelude.isEmpty()) {
            prelude = Optional.of(fields);
        } else {
            list(fields);
        }
        expected = Expected.BODY;
    }

    private void begin(BsonFields header) throws ArchiveFormatException {
        current = namespace(header);
        currentEnds = header.isTrue("EOF");
        documents.merge(current, 0L, Long::sum);
        if (ended.contains(current)) {
            throw new ArchiveFormatException("the archive goes on with " + current + " after its end");
        }
        if (currentEnds) {
            ended.add(current);
        }
    }

    private void list(BsonFields metadata) throws ArchiveFormatException {
        Namespace namespace = namespace(metadata);
        listed.add(namespace);
        // Newer tools say it in a field, all of them in the metadata, which is JSON that their own encoder wrote.
        if (metadata.text("type").equals(Optional.of("view"))
                || metadata.text("metadata").orElse("").contains("\"type\":\"view\"")) {
            views.add(namespace);
        }
    }

    private static Namespace namespace(BsonFields fields) throws ArchiveFormatException {
        return new Namespace(
                fields.text("db").orElseThrow(() -> new ArchiveFormatException("a header names no database")),
                fields.text("collection")
                        .orElseThrow(() -> new ArchiveFormatException("a header names no collection")));
    }
}
