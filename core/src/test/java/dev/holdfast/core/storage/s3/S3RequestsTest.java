package dev.holdfast.core.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.Secret;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ObjectLock;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.S3Vendor;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageSpec;
import dev.holdfast.core.storage.s3.CannedServer.Answer;
import dev.holdfast.core.storage.s3.CannedServer.Request;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes over the wire, for the servers that the contract cannot be run against. */
class S3RequestsTest {
    private static final Answer STARTED = new Answer(
            200,
            Map.of("ETag", "\"9b2cf535f27731c974343645a3985328\""),
            "<InitiateMultipartUploadResult><UploadId>upload-1</UploadId></InitiateMultipartUploadResult>");

    @ParameterizedTest
    @EnumSource(S3Vendor.class)
    void eachVendorGetsTheChecksumItVerifiesAndNothingNewer(S3Vendor vendor) throws IOException {
        try (CannedServer server = new CannedServer(new Answer(200, Map.of(), ""));
                S3Driver driver = driver(vendor, server, Optional.empty())) {
            driver.put(new ObjectKey("a"), Body.of(new byte[] {1, 2, 3}), PutMode.REPLACE);

            Request put = server.requests().getFirst();
            boolean sha256 = vendor.checksum() == S3Vendor.Checksum.SHA256;
            assertThat(put.header("x-amz-checksum-sha256"))
                    .isEqualTo(sha256 ? "A5BYxvLAy0ksUzsKTRTvd8wPeKvMztUofYShogEc+4E=" : "");
            assertThat(put.header("Content-MD5")).isEqualTo(sha256 ? "" : "Uonfc331cyb83SJZevsfrA==");
            assertThat(put.header("x-amz-checksum-crc32")).isEmpty();
            assertThat(put.header("x-amz-trailer")).isEmpty();
            assertThat(put.header("Content-Encoding")).as("aws-chunked").isEmpty();
            assertThat(put.header("Content-Length")).isEqualTo("3");
        }
    }

    @Test
    void aLargeBodyIsSentInEqualPartsUnderItsLock() throws IOException {
        ObjectLock lock = new ObjectLock(ObjectLock.Mode.COMPLIANCE, 7);
        try (CannedServer server = new CannedServer(STARTED);
                S3Driver driver = driver(S3Vendor.AWS, server, Optional.of(lock))) {
            int bytes = (int) S3Driver.SINGLE_PUT_BYTES + 1;
            driver.put(new ObjectKey("large"), Body.of(new byte[bytes]), PutMode.REPLACE);

            Request create = server.requests().getFirst();
            assertThat(create.method()).isEqualTo("POST");
            assertThat(create.header("x-amz-object-lock-mode")).isEqualTo("COMPLIANCE");
            assertThat(create.header("x-amz-object-lock-retain-until-date")).isEqualTo("2026-12-06T12:00:00Z");
            assertThat(create.header("x-amz-checksum-algorithm")).isEqualTo("SHA256");
            List<Request> parts = server.requests().stream()
                    .filter(r -> r.method().equals("PUT"))
                    .toList();
            assertThat(parts)
                    .extracting(part -> part.header("Content-Length"))
                    .containsExactlyInAnyOrder("16777216", "16777216", "16777216", "16777216", "1");
            assertThat(parts)
                    .allSatisfy(part ->
                            assertThat(part.header("x-amz-checksum-sha256")).isNotEmpty());
            assertThat(server.requests().getLast().path()).endsWith("/large?uploadId=upload-1");
        }
    }

    @Test
    void aLargeBodyThatFailsIsAborted() throws IOException {
        IOException broke = new IOException("dump died");
        try (CannedServer server = new CannedServer(STARTED);
                S3Driver driver = driver(S3Vendor.AWS, server, Optional.empty())) {
            assertThatThrownBy(() -> driver.put(new ObjectKey("large"), new Dying(broke), PutMode.REPLACE))
                    .isSameAs(broke);
            Request last = server.requests().getLast();
            assertThat(last.method()).isEqualTo("DELETE");
            assertThat(last.path()).endsWith("/large?uploadId=upload-1");
        }
    }

    @Test
    void withoutAConditionTheServerIsAskedFirst() throws IOException {
        try (CannedServer server = new CannedServer(
                        new Answer(200, Map.of("Last-Modified", "Sun, 29 Nov 2026 12:00:00 GMT"), ""));
                S3Driver driver = driver(S3Vendor.BACKBLAZE_B2, server, Optional.empty())) {
            assertThatThrownBy(() -> driver.put(new ObjectKey("a"), Body.of(new byte[3]), PutMode.IF_ABSENT))
                    .isInstanceOfSatisfying(
                            StorageException.Rejected.class,
                            e -> assertThat(e.reason()).isEqualTo(StorageException.Reason.EXISTS));
            assertThat(server.requests()).extracting(Request::method).containsExactly("HEAD");
        }
    }

    private static S3Driver driver(S3Vendor vendor, CannedServer server, Optional<ObjectLock> lock) {
        Map<S3Vendor, String> regions = Map.of(
                S3Vendor.AWS, "eu-west-1",
                S3Vendor.DIGITALOCEAN_SPACES, "fra1",
                S3Vendor.BACKBLAZE_B2, "eu-central-003",
                S3Vendor.WASABI, "eu-central-1",
                S3Vendor.HETZNER, "hel1");
        S3Vendor.Place place = new S3Vendor.Place(
                Optional.ofNullable(regions.get(vendor)),
                Optional.empty(),
                Optional.empty(),
                Optional.of(URI.create("http://127.0.0.1:" + server.address().getPort())));
        return new S3Driver(
                new StorageSpec.S3(
                        vendor,
                        place,
                        "backups",
                        Optional.empty(),
                        "AKID",
                        Secret.of("secret"),
                        Optional.empty(),
                        lock),
                Clock.fixed(Instant.parse("2026-11-29T12:00:00.5Z"), ZoneOffset.UTC));
    }

    /** Dies after 40 MB. */
    private record Dying(IOException reason) implements Body {
        @Override
        public long bytes() {
            return S3Driver.SINGLE_PUT_BYTES * 2;
        }

        @Override
        public InputStream open() {
            return new InputStream() {
                private int left = 40_000_000;

                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0];
                }

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    if (left == 0) {
                        throw reason;
                    }
                    int count = Math.min(left, length);
                    left -= count;
                    return count;
                }
            };
        }
    }
}
