package dev.holdfast.shim.docker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.source.DumpFailedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class MarkedStreamTest {
    @Test
    void passes_a_whole_dump_whatever_the_size_of_reads() throws IOException {
        String dump = "HEAD" + "x".repeat(10_000) + "-- complete\n";
        for (int size : new int[] {1, 3, 100, 4096, 5000, 20_000}) {
            try (MarkedStream stream = stream(dump)) {
                byte[] buffer = new byte[size];
                StringBuilder read = new StringBuilder();
                for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                    read.append(new String(buffer, 0, n, US_ASCII));
                }
                assertThat(read.toString()).isEqualTo(dump);
            }
        }
    }

    @Test
    void refuses_a_wrong_beginning_a_missing_end_and_goes_on_refusing() {
        for (String dump :
                new String[] {"", "HEA", "HEXD -- complete", "HEAD -- compl", "HEAD -- complete" + "x".repeat(5000)}) {
            MarkedStream stream = stream(dump);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(stream::readAllBytes)
                        .as(dump)
                        .isInstanceOf(DumpFailedException.class)
                        .hasMessageStartingWith("the dump ");
            }
        }
    }

    private static MarkedStream stream(String dump) {
        return new MarkedStream(
                new ByteArrayInputStream(dump.getBytes(US_ASCII)),
                "the dump",
                "HEAD".getBytes(US_ASCII),
                "-- complete");
    }
}
