package dev.holdfast.core.storage.dropbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ContentHashTest {
    /** The hash of nothing is that of an empty list of hashes. */
    @Test
    void anEmptyObject() {
        ContentHash hash = new ContentHash();
        String part = hash.add(new byte[0], 0, 0);
        assertThat(part).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(hash.ofAll()).isEqualTo(part);
    }

    @Test
    void partsAndTheWhole() {
        int block = ContentHash.BLOCK_BYTES;
        byte[] content = new byte[5 * block + 17];
        new Random(1).nextBytes(content);
        ContentHash hash = new ContentHash();
        assertThat(hash.add(content, 0, 2 * block))
                .isEqualTo(StandInFiles.contentHash(Arrays.copyOf(content, 2 * block)));
        assertThat(hash.add(content, 2 * block, block))
                .isEqualTo(StandInFiles.contentHash(Arrays.copyOfRange(content, 2 * block, 3 * block)));
        hash.add(content, 3 * block, 2 * block + 17);
        assertThatThrownBy(() -> hash.add(content, 0, 1)).isInstanceOf(IllegalStateException.class);
        assertThat(hash.ofAll()).isEqualTo(StandInFiles.contentHash(content));
    }
}
