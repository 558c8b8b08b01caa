package dev.holdfast.core.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.Secret;
import dev.holdfast.core.storage.S3Vendor.Address;
import dev.holdfast.core.storage.S3Vendor.Place;
import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3VendorTest {
    private static final String ACCOUNT = "0123456789abcdef0123456789abcdef";

    @ParameterizedTest
    @CsvSource({
        "AWS, eu-central-1, https://s3.eu-central-1.amazonaws.com, VIRTUAL_HOST",
        "AWS, us-gov-west-1, https://s3.us-gov-west-1.amazonaws.com, VIRTUAL_HOST",
        "AWS, cn-north-1, https://s3.cn-north-1.amazonaws.com.cn, VIRTUAL_HOST",
        "AWS, eusc-de-east-1, https://s3.eusc-de-east-1.amazonaws.eu, VIRTUAL_HOST",
        "DIGITALOCEAN_SPACES, fra1, https://fra1.digitaloceanspaces.com, VIRTUAL_HOST",
        "BACKBLAZE_B2, us-west-004, https://s3.us-west-004.backblazeb2.com, VIRTUAL_HOST",
        "WASABI, eu-central-2, https://s3.eu-central-2.wasabisys.com, VIRTUAL_HOST",
        "WASABI, eu-west-1, https://s3.eu-west-1.wasabisys.com, VIRTUAL_HOST",
        "HETZNER, fsn1, https://fsn1.your-objectstorage.com, VIRTUAL_HOST",
        "HETZNER, nbg1, https://nbg1.your-objectstorage.com, VIRTUAL_HOST",
        "HETZNER, hel1, https://hel1.your-objectstorage.com, VIRTUAL_HOST",
    })
    void aRegionIsEnough(S3Vendor vendor, String region, URI endpoint, S3Vendor.Addressing addressing) {
        assertThat(vendor.address(Place.ofRegion(region))).isEqualTo(new Address(endpoint, region, addressing));
        assertThatThrownBy(() -> vendor.address(Place.ofAccount(ACCOUNT)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(vendor.title() + " needs a region");
        assertThatThrownBy(() -> vendor.address(Place.ofRegion("../evil.example.com#")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no region");
    }

    @Test
    void r2IsFoundByItsAccount() {
        Place place = Place.ofAccount(ACCOUNT);
        assertThat(S3Vendor.CLOUDFLARE_R2.address(place))
                .isEqualTo(new Address(
                        URI.create("https://" + ACCOUNT + ".r2.cloudflarestorage.com"),
                        "auto",
                        S3Vendor.Addressing.PATH));
        assertThat(S3Vendor.CLOUDFLARE_R2.address(place.withJurisdiction("eu")).endpoint())
                .isEqualTo(URI.create("https://" + ACCOUNT + ".eu.r2.cloudflarestorage.com"));
        assertThatThrownBy(() -> S3Vendor.CLOUDFLARE_R2.address(place.withJurisdiction("mars")))
                .hasMessageContaining("jurisdiction must look like");
        assertThatThrownBy(() -> S3Vendor.CLOUDFLARE_R2.address(Place.ofAccount("my-account")))
                .hasMessageContaining("account id must look like");
        assertThatThrownBy(() -> S3Vendor.CLOUDFLARE_R2.address(Place.ofRegion("auto")))
                .hasMessageContaining("takes no region");
        assertThatThrownBy(() -> S3Vendor.CLOUDFLARE_R2.address(
                        new Place(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty())))
                .hasMessageContaining("needs the account id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MINIO", "GENERIC"})
    void aServerOfOnesOwnNeedsAnEndpoint(S3Vendor vendor) {
        URI endpoint = URI.create("https://minio.example.com:9000");
        assertThat(vendor.address(Place.ofEndpoint(endpoint)))
                .isEqualTo(new Address(endpoint, "us-east-1", S3Vendor.Addressing.PATH));
        assertThat(vendor.address(Place.ofRegion("home").withEndpoint(endpoint)).region())
                .isEqualTo("home");
        assertThatThrownBy(() -> vendor.address(Place.ofRegion("home"))).hasMessageContaining("needs an endpoint");
    }

    @Test
    void everyVendorsAddressCanBeOverridden() {
        URI endpoint = URI.create("http://127.0.0.1:9000");
        assertThat(S3Vendor.AWS
                        .address(Place.ofRegion("eu-west-1").withEndpoint(endpoint))
                        .endpoint())
                .isEqualTo(endpoint);
        assertThat(S3Vendor.HETZNER
                        .address(Place.ofRegion("fsn1").withEndpoint(endpoint))
                        .endpoint())
                .isEqualTo(endpoint);
        assertThat(S3Vendor.CLOUDFLARE_R2.address(Place.ofEndpoint(endpoint)).endpoint())
                .isEqualTo(endpoint);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://host",
                "https://host/bucket",
                "https://user:password@host",
                "https://host?x=1",
                "https:///nohost",
                "host:9000"
            })
    void anEndpointIsAnOriginAndNothingMore(String endpoint) {
        assertThatThrownBy(() -> Place.ofEndpoint(URI.create(endpoint)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("password");
    }

    @Test
    void featuresAreClaimedOnlyWhereDocumented() {
        assertThat(Arrays.stream(S3Vendor.values()).filter(S3Vendor::hasConditionalPut))
                .containsExactly(S3Vendor.AWS, S3Vendor.CLOUDFLARE_R2, S3Vendor.MINIO);
        assertThat(Arrays.stream(S3Vendor.values()).filter(S3Vendor::hasObjectLock))
                .containsExactly(
                        S3Vendor.AWS, S3Vendor.BACKBLAZE_B2, S3Vendor.WASABI, S3Vendor.MINIO, S3Vendor.HETZNER);
        assertThat(Arrays.stream(S3Vendor.values()).filter(v -> v.checksum() == S3Vendor.Checksum.SHA256))
                .containsExactly(S3Vendor.AWS);
    }

    @Test
    void aSpecValidatesItselfAndHidesItsSecrets() {
        ObjectLock lock = new ObjectLock(ObjectLock.Mode.COMPLIANCE, 30);
        StorageSpec.S3 spec = spec(S3Vendor.HETZNER, "fsn1", "backups", Optional.of(lock));
        assertThat(spec.toString()).doesNotContain("hush");
        assertThat(spec.describe())
                .isEqualTo("Hetzner Object Storage, bucket backups at https://fsn1.your-objectstorage.com");
        assertThatThrownBy(() -> spec(S3Vendor.DIGITALOCEAN_SPACES, "fra1", "backups", Optional.of(lock)))
                .hasMessageContaining("DigitalOcean Spaces has no Object Lock");
        assertThatThrownBy(() -> spec(S3Vendor.HETZNER, "fsn1", "Back/ups", Optional.empty()))
                .hasMessageContaining("bucket");
        assertThatThrownBy(() -> new ObjectLock(ObjectLock.Mode.GOVERNANCE, 0)).hasMessageContaining("36500");
    }

    private static StorageSpec.S3 spec(S3Vendor vendor, String region, String bucket, Optional<ObjectLock> lock) {
        return new StorageSpec.S3(
                vendor,
                Place.ofRegion(region),
                bucket,
                Optional.empty(),
                "AKID",
                Secret.of("hush"),
                Optional.empty(),
                lock);
    }
}
