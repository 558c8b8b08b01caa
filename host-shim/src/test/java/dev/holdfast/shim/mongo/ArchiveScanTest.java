package dev.holdfast.shim.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;
import org.junit.jupiter.api.Test;

final class ArchiveScanTest {
    private static final int TERMINATOR = -1;
    private static final Namespace ORDERS = new Namespace("shop", "orders");
    private static final Namespace ODD = new Namespace("shop", "ünï *.日本 x");
    private static final byte[] WHOLE = bytes(
            0x8199e26d,
            "{concurrent_collections: 4, version: '0.1', server_version: '8.0.4', tool_version: '100.10.0'}",
            "{db: 'shop', collection: 'orders', metadata: '{}', size: 3}",
            "{db: 'shop', collection: 'ünï *.日本 x', metadata: '{}', size: 3}",
            "{db: 'shop', collection: 'seen', metadata: '{\"type\":\"view\"}', size: 0}",
            "{db: '', collection: 'oplog', metadata: '', size: 0, type: 'collection'}",
            TERMINATOR,
            "{db: 'shop', collection: 'orders', EOF: false, CRC: {$numberLong: '0'}}",
            "{_id: 1}",
            "{_id: 2, deep: [{a: {b: 1}}]}",
            TERMINATOR,
            "{db: 'shop', collection: 'ünï *.日本 x', EOF: true, CRC: {$numberLong: '0'}}",
            TERMINATOR,
            "{db: 'shop', collection: 'orders', EOF: false, CRC: {$numberLong: '0'}}",
            "{_id: 3}",
            TERMINATOR,
            "{db: 'shop', collection: 'orders', EOF: true, CRC: {$numberLong: '5'}}",
            TERMINATOR,
            "{db: '', collection: 'oplog', EOF: true, CRC: {$numberLong: '5'}}",
            TERMINATOR);

    @Test
    void counts_the_documents_of_each_collection_however_the_bytes_arrive() throws ArchiveFormatException {
        for (int step : new int[] {1, 3, 7, WHOLE.length}) {
            ArchiveScan scan = scan(WHOLE, step);
            scan.finish();
            assertThat(scan.documents()).isEqualTo(Map.of(ORDERS, 3L, ODD, 0L, new Namespace("", "oplog"), 0L));
            assertThat(scan.views()).containsExactly(new Namespace("shop", "seen"));
            assertThat(scan.missing()).isEmpty();
            assertThat(scan.hasOplog()).isTrue();
            assertThat(scan.serverVersion()).isEqualTo("8.0.4");
            assertThat(scan.toolVersion()).isEqualTo("100.10.0");
        }
    }

    @Test
    void refuses_an_archive_cut_anywhere_but_where_only_a_collection_without_documents_would_follow() {
        // The last block alone can be missing unseen by structure: then the prelude still names what is not there.
        int beforeLast =
                WHOLE.length - 4 - document("{db: '', collection: 'oplog', EOF: true, CRC: {$numberLong: '5'}}").length;
        int preludeEnd = preludeEnd();
        int beforeOrdersAreBegun = preludeEnd;
        for (int length = 0; length < WHOLE.length; length++) {
            byte[] cut = Arrays.copyOf(WHOLE, length);
            if (length == beforeLast || length == beforeOrdersAreBegun) {
                assertThat(missing(cut)).isNotEmpty();
            } else {
                assertThatThrownBy(() -> scan(cut, 5).finish())
                        .as("cut at %d", length)
                        .isInstanceOf(ArchiveFormatException.class);
            }
        }
    }

    @Test
    void refuses_what_is_no_archive() {
        assertThatThrownBy(() -> scan("plainly no archive".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 4))
                .hasMessageContaining("do not begin");
        assertThatThrownBy(() -> scan(bytes(0x8199e26d, TERMINATOR), 4)).hasMessageContaining("without a header");
        assertThatThrownBy(() -> scan(bytes(0x8199e26d, 3), 4)).hasMessageContaining("3 bytes");
        assertThatThrownBy(() -> scan(bytes(0x8199e26d, "{a: [1]}"), 4)).hasMessageContaining("BSON type 4");
        byte[] twice = Arrays.copyOf(WHOLE, WHOLE.length * 2);
        byte[] again = bytes("{db: 'shop', collection: 'orders', EOF: false, CRC: {$numberLong: '0'}}");
        System.arraycopy(again, 0, twice, WHOLE.length, again.length);
        assertThatThrownBy(() -> scan(Arrays.copyOf(twice, WHOLE.length + again.length), 9))
                .hasMessageContaining("after its end");
    }

    private static int preludeEnd() {
        byte[] terminator = {-1, -1, -1, -1};
        for (int i = 4; i < WHOLE.length; i++) {
            if (Arrays.equals(Arrays.copyOfRange(WHOLE, i, i + 4), terminator)) {
                return i + 4;
            }
        }
        throw new IllegalStateException("there is no terminator");
    }

    private static java.util.Set<Namespace> missing(byte[] archive) {
        try {
            ArchiveScan scan = scan(archive, 5);
            scan.finish();
            return scan.missing();
        } catch (ArchiveFormatException e) {
            throw new AssertionError(e);
        }
    }

    private static ArchiveScan scan(byte[] archive, int step) throws ArchiveFormatException {
        ArchiveScan scan = new ArchiveScan();
        for (int at = 0; at < archive.length; at += step) {
            scan.add(archive, at, Math.min(step, archive.length - at));
        }
        return scan;
    }

    /** Numbers little endian, texts as the BSON of the JSON they are. */
    static byte[] bytes(Object... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object part : parts) {
            out.writeBytes(
                    part instanceof Integer number
                            ? ByteBuffer.allocate(4)
                                    .order(ByteOrder.LITTLE_ENDIAN)
                                    .putInt(number)
                                    .array()
                            : document(String.valueOf(part)));
        }
        return out.toByteArray();
    }

    private static byte[] document(String json) {
        BasicOutputBuffer out = new BasicOutputBuffer();
        try (BsonBinaryWriter writer = new BsonBinaryWriter(out)) {
            new BsonDocumentCodec()
                    .encode(
                            writer,
                            BsonDocument.parse(json),
                            EncoderContext.builder().build());
        }
        return out.toByteArray();
    }
}
