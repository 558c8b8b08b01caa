package dev.holdfast.core.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PartUploadTest {
    @Test
    void aLongLineIsKeptFullAndAServerNearByIsSpared() {
        assertThat(PartUpload.bytesInFlight(Duration.ofNanos(200_000))).isEqualTo(512 << 10);
        assertThat(PartUpload.bytesInFlight(Duration.ofMillis(16))).isBetween(2_000_000, 2_200_000);
        assertThat(PartUpload.bytesInFlight(Duration.ofSeconds(1))).isEqualTo(4 << 20);
    }
}
