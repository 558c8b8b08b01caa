package dev.holdfast.core.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.storage.StorageException;
import org.junit.jupiter.api.Test;

class MultipartUploadTest {
    private static final long MEBIBYTE = 1L << 20;

    @Test
    void partsGrowOnlyWhenTenThousandDoNotHoldTheObject() throws StorageException {
        assertThat(MultipartUpload.partBytes(65 * MEBIBYTE)).isEqualTo(16 * MEBIBYTE);
        assertThat(MultipartUpload.partBytes(160_000 * MEBIBYTE)).isEqualTo(16 * MEBIBYTE);
        assertThat(MultipartUpload.partBytes(160_000 * MEBIBYTE + 1)).isEqualTo(17 * MEBIBYTE);
        assertThat(MultipartUpload.partBytes(640_000 * MEBIBYTE)).isEqualTo(64 * MEBIBYTE);
        assertThatThrownBy(() -> MultipartUpload.partBytes(640_000 * MEBIBYTE + 1))
                .isInstanceOf(StorageException.Rejected.class);
    }
}
