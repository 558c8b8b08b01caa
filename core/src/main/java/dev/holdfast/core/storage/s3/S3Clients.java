package dev.holdfast.core.storage.s3;

import dev.holdfast.core.model.Secret;
import dev.holdfast.core.storage.S3Vendor.Address;
import dev.holdfast.core.storage.S3Vendor.Addressing;
import dev.holdfast.core.storage.StorageSpec;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Makes SDK clients that know only what the settings say: no environment variable, profile file or instance metadata has
 * a say in credentials, endpoint or checksums.
 */
final class S3Clients {
    /** Longer than the slowest answer to a completed multipart upload that AWS documents keeps silent. */
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** Shorter than the idle times of the servers (AWS about 20 s), so that we close first. */
    private static final Duration IDLE = Duration.ofSeconds(10);

    private static final int CONNECTIONS = 64;

    private S3Clients() {}

    /**
     * The HTTP client: Apache's, which checks a connection that was idle before it uses it again, gives up a body half-way
     * without reading the rest, and fails at once when the server refuses an upload.
     */
    static SdkHttpClient http() {
        return ApacheHttpClient.builder()
                .maxConnections(CONNECTIONS)
                .connectionTimeout(CONNECT_TIMEOUT)
                .connectionAcquisitionTimeout(SOCKET_TIMEOUT)
                .connectionMaxIdleTime(IDLE)
                .socketTimeout(SOCKET_TIMEOUT)
                .tcpKeepAlive(true)
                .build();
    }

    static S3Client client(StorageSpec.S3 settings, SdkHttpClient http) {
        Address address = settings.address();
        ProfileFile nothing = ProfileFile.aggregator().build();
        return S3Client.builder()
                .httpClient(http)
                .endpointOverride(address.endpoint())
                .region(Region.of(address.region()))
                .forcePathStyle(address.addressing() == Addressing.PATH)
                .credentialsProvider(StaticCredentialsProvider.create(credentials(settings)))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .defaultsMode(DefaultsMode.LEGACY)
                .accelerate(false)
                .crossRegionAccessEnabled(false)
                .disableS3ExpressSessionAuth(true)
                .disableMultiRegionAccessPoints(true)
                .useArnRegion(false)
                .dualstackEnabled(false)
                .fipsEnabled(false)
                .serviceConfiguration(s3 -> s3.chunkedEncodingEnabled(false) // the checksum is a header already
                        .profileFile(() -> nothing))
                .overrideConfiguration(
                        o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()).defaultProfileFile(nothing))
                .build();
    }

    private static AwsCredentials credentials(StorageSpec.S3 settings) {
        String secret = settings.secretKey().reveal();
        return settings.sessionToken()
                .map(Secret::reveal)
                .<AwsCredentials>map(token -> AwsSessionCredentials.create(settings.accessKeyId(), secret, token))
                .orElseGet(() -> AwsBasicCredentials.create(settings.accessKeyId(), secret));
    }
}
