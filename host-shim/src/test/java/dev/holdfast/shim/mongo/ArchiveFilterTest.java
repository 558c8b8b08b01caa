package dev.holdfast.shim.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class ArchiveFilterTest {
    private static final String END = "EOF: true, CRC: {$numberLong: '5'}}";
    private static final String KEPT_LINE = "{db: 'shop', collection: 'a', metadata: '{}', size: 3}";
    private static final String HEAD = "{concurrent_collections: 4, version: '0.1'}";

    private static byte[] all() {
        return ArchiveScanTest.bytes(
                0x8199e26d,
                "{concurrent_collections: 4, version: '0.1'}",
                "{db: 'shop', collection: 'a', metadata: '{}', size: 3}",
                "{db: 'scratch', collection: 'a', metadata: '{}', size: 3}",
                -1,
                "{db: 'scratch', collection: 'a', EOF: false, CRC: {$numberLong: '0'}}",
                "{_id: 1, db: 'shop'}",
                "{_id: 2, deep: [{a: {b: 1}}]}",
                -1,
                "{db: 'shop', collection: 'a', EOF: false, CRC: {$numberLong: '0'}}",
                "{_id: 3, db: 'scratch'}",
                -1,
                "{db: 'scratch', collection: 'a', " + END,
                -1,
                "{db: 'shop', collection: 'a', " + END,
                -1);
    }

    private static byte[] filtered(byte[] archive, int step, Set<String> met) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ArchiveFilter filter = new ArchiveFilter(new ByteArrayInputStream(archive), database -> {
            met.add(database);
            return database.equals("scratch");
        })) {
            byte[] buffer = new byte[step];
            for (int n = filter.read(buffer, 0, step); n >= 0; n = filter.read(buffer, 0, step)) {
                out.write(buffer, 0, n);
            }
        }
        return out.toByteArray();
    }

    @Test
    void takes_out_the_lines_and_blocks_of_a_database_and_passes_all_else() throws IOException {
        byte[] wanted = ArchiveScanTest.bytes(
                0x8199e26d,
                HEAD,
                KEPT_LINE,
                -1,
                "{db: 'shop', collection: 'a', EOF: false, CRC: {$numberLong: '0'}}",
                "{_id: 3, db: 'scratch'}",
                -1,
                "{db: 'shop', collection: 'a', " + END,
                -1);
        for (int step : new int[] {1, 3, 7, 4096}) {
            Set<String> met = new TreeSet<>();
            assertThat(filtered(all(), step, met)).as("step %d", step).isEqualTo(wanted);
            assertThat(met).containsExactly("scratch", "shop");
        }
    }

    @Test
    void what_is_no_archive_passes_and_what_is_cut_is_refused() throws IOException {
        byte[] text = "plainly no archive, and long enough".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        assertThat(filtered(text, 5, new TreeSet<>())).isEqualTo(text);
        byte[] cut = Arrays.copyOf(all(), all().length - 14);
        assertThatThrownBy(() -> filtered(cut, 7, new TreeSet<>())).isInstanceOf(ArchiveFormatException.class);
        byte[] betweenBlocks = filtered(Arrays.copyOf(all(), all().length - 4), 7, new TreeSet<>());
        ArchiveScan scan = new ArchiveScan();
        scan.add(betweenBlocks, 0, betweenBlocks.length);
        assertThatThrownBy(scan::finish).isInstanceOf(ArchiveFormatException.class);
    }
}
