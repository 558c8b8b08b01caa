package dev.holdfast.core.storage;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The vendors of the S3 protocol, as rows of data: what differs between them stands here and nowhere else. A feature a
 * vendor does not document counts as absent, so that nothing relies on it.
 */
public enum S3Vendor {
    /**
     * Source: docs.aws.amazon.com, "Amazon S3 endpoints and quotas", "Conditional writes", "Object Lock", "Checking object
     * integrity".
     */
    AWS(
            "AWS S3",
            "https://s3.{region}.{partition}",
            Need.REQUIRED,
            "",
            "[a-z]{2,5}(-[a-z]+)+-[0-9]+",
            Addressing.VIRTUAL_HOST,
            Checksum.SHA256,
            ConditionalPut.YES,
            Locking.YES),
    /**
     * Source: developers.cloudflare.com/r2/api/s3/api (region auto, Content-MD5; no x-amz-object-lock headers),
     * /r2/api/s3/conditional-operations, /r2/reference/data-location (jurisdictions). Its bucket locks are set outside the S3
     * protocol.
     */
    CLOUDFLARE_R2(
            "Cloudflare R2",
            "https://{account}{jurisdiction}.r2.cloudflarestorage.com",
            Need.NONE,
            "auto",
            "auto",
            Addressing.PATH,
            Checksum.MD5,
            ConditionalPut.YES,
            Locking.NO),
    /** Source: docs.digitalocean.com/products/spaces/reference/s3-compatibility; names no condition on put and no lock. */
    DIGITALOCEAN_SPACES(
            "DigitalOcean Spaces",
            "https://{region}.digitaloceanspaces.com",
            Need.REQUIRED,
            "",
            "[a-z]{3}[0-9]",
            Addressing.VIRTUAL_HOST,
            Checksum.MD5,
            ConditionalPut.NO,
            Locking.NO),
    /** Source: backblaze.com/apidocs/s3-put-object: lock headers yes, If-None-Match not among those it takes. */
    BACKBLAZE_B2(
            "Backblaze B2",
            "https://s3.{region}.backblazeb2.com",
            Need.REQUIRED,
            "",
            "[a-z]{2}-[a-z]+-[0-9]{3}",
            Addressing.VIRTUAL_HOST,
            Checksum.MD5,
            ConditionalPut.NO,
            Locking.YES),
    /** Source: docs.wasabi.com, "Service URLs for Wasabi's storage regions" and "Object locking"; no condition on put. */
    WASABI(
            "Wasabi",
            "https://s3.{region}.wasabisys.com",
            Need.REQUIRED,
            "",
            "[a-z]{2}-[a-z]+-[0-9](-[0-9])?",
            Addressing.VIRTUAL_HOST,
            Checksum.MD5,
            ConditionalPut.NO,
            Locking.YES),
    /** Source: min.io documentation, "S3 API compatibility" and "Object locking". A server of one's own: no fixed address. */
    MINIO(
            "MinIO",
            "",
            Need.OPTIONAL,
            "us-east-1",
            "[A-Za-z0-9-]{1,63}",
            Addressing.PATH,
            Checksum.MD5,
            ConditionalPut.YES,
            Locking.YES),
    /**
     * Source: docs.hetzner.com/storage/object-storage/supported-actions (x-amz-bucket-object-lock-enabled) and /overview
     * (locations). Its Ceph gateway knows If-None-Match on put, but Hetzner promises none.
     */
    HETZNER(
            "Hetzner Object Storage",
            "https://{region}.your-objectstorage.com",
            Need.REQUIRED,
            "",
            "fsn1|nbg1|hel1",
            Addressing.VIRTUAL_HOST,
            Checksum.MD5,
            ConditionalPut.NO,
            Locking.YES),
    /** Any other server: only what the protocol had from its first day. */
    GENERIC(
            "S3-compatible storage",
            "",
            Need.OPTIONAL,
            "us-east-1",
            "[A-Za-z0-9-]{1,63}",
            Addressing.PATH,
            Checksum.MD5,
            ConditionalPut.NO,
            Locking.NO);

    /** Domain suffixes of the AWS partitions by the beginning of the region. Source: "AWS partitions" in the IAM guide. */
    private static final Map<String, String> PARTITIONS = Map.of("cn-", "amazonaws.com.cn", "eusc-", "amazonaws.eu");

    private static final Pattern ACCOUNT = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern JURISDICTION = Pattern.compile("eu|fedramp");

    private final String title;
    private final String template;
    private final Need regionNeed;
    private final String standardRegion;
    private final String regionForm;
    private final Addressing addressing;
    private final Checksum checksum;
    private final ConditionalPut conditionalPut;
    private final Locking locking;

    S3Vendor(
            String title,
            String template,
            Need regionNeed,
            String standardRegion,
            String regionForm,
            Addressing addressing,
            Checksum checksum,
            ConditionalPut conditionalPut,
            Locking locking) {
        this.title = title;
        this.template = template;
        this.regionNeed = regionNeed;
        this.standardRegion = standardRegion;
        this.regionForm = regionForm;
        this.addressing = addressing;
        this.checksum = checksum;
        this.conditionalPut = conditionalPut;
        this.locking = locking;
    }

    /** The name people know it by. */
    public String title() {
        return title;
    }

    public Addressing addressing() {
        return addressing;
    }

    public Checksum checksum() {
        return checksum;
    }

    public boolean hasConditionalPut() {
        return conditionalPut == ConditionalPut.YES;
    }

    public boolean hasObjectLock() {
        return locking == Locking.YES;
    }

    /**
     * Where requests go and how they are signed.
     *
     * @throws IllegalArgumentException naming what is missing, malformed or not known to this vendor
     */
    public Address address(Place place) {
        String signing = signingRegion(place.region());
        URI endpoint = place.endpoint().orElseGet(() -> derived(place, signing));
        return new Address(endpoint, signing, addressing);
    }

    private String signingRegion(Optional<String> given) {
        if (regionNeed == Need.NONE && given.isPresent()) {
            throw new IllegalArgumentException(title + " takes no region: leave it out");
        }
        if (regionNeed == Need.REQUIRED && given.isEmpty()) {
            throw new IllegalArgumentException(title + " needs a region (its form is " + regionForm + ")");
        }
        String chosen = given.orElse(standardRegion);
        if (!Pattern.matches(regionForm, chosen)) {
            throw new IllegalArgumentException(
                    title + " has no region \"" + chosen + "\": it must look like " + regionForm);
        }
        return chosen;
    }

    private URI derived(Place place, String signing) {
        if (template.isEmpty()) {
            throw new IllegalArgumentException(title + " needs an endpoint, for example https://s3.example.com:9000");
        }
        Map<String, String> values = new LinkedHashMap<>();
        values.put("{region}", signing);
        values.put("{partition}", partition(signing));
        values.put("{account}", place.account().orElse(""));
        values.put("{jurisdiction}", place.jurisdiction().map(j -> "." + j).orElse(""));
        requireKnown("{account}", "account id", place.account(), ACCOUNT);
        requireKnown("{jurisdiction}", "jurisdiction", place.jurisdiction(), JURISDICTION);
        if (template.contains("{account}") && place.account().isEmpty()) {
            throw new IllegalArgumentException(title + " needs the account id");
        }
        String text = template;
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace(value.getKey(), value.getValue());
        }
        return URI.create(text);
    }

    private void requireKnown(String token, String name, Optional<String> value, Pattern form) {
        if (value.isPresent() && !template.contains(token)) {
            throw new IllegalArgumentException(title + " takes no " + name + ": leave it out");
        }
        if (value.isPresent() && !form.matcher(value.get()).matches()) {
            throw new IllegalArgumentException(title + ": the " + name + " must look like " + form);
        }
    }

    private static String partition(String region) {
        return PARTITIONS.entrySet().stream()
                .filter(entry -> region.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("amazonaws.com");
    }

    /**
     * What the user gives to say where the storage is; each vendor wants its own part of it.
     *
     * @param region region or location
     * @param account account id, where it is part of the address
     * @param jurisdiction where the vendor keeps data of one jurisdiction apart
     * @param endpoint an address that overrides the vendor's own: scheme, host and optional port
     */
    public record Place(
            Optional<String> region, Optional<String> account, Optional<String> jurisdiction, Optional<URI> endpoint) {
        public Place {
            endpoint.ifPresent(Place::requireOrigin);
        }

        public static Place ofRegion(String region) {
            return new Place(Optional.of(region), Optional.empty(), Optional.empty(), Optional.empty());
        }

        public static Place ofAccount(String account) {
            return new Place(Optional.empty(), Optional.of(account), Optional.empty(), Optional.empty());
        }

        public static Place ofEndpoint(URI endpoint) {
            return new Place(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(endpoint));
        }

        public Place withEndpoint(URI other) {
            return new Place(region, account, jurisdiction, Optional.of(other));
        }

        public Place withJurisdiction(String other) {
            return new Place(region, account, Optional.of(other), endpoint);
        }

        private static void requireOrigin(URI endpoint) {
            String scheme = Optional.ofNullable(endpoint.getScheme()).orElse("").toLowerCase(Locale.ROOT);
            boolean bare = endpoint.getRawPath() == null
                    || endpoint.getRawPath().isEmpty()
                    || endpoint.getRawPath().equals("/");
            if (!(scheme.equals("https") || scheme.equals("http")) || endpoint.getHost() == null || !bare) {
                throw new IllegalArgumentException("endpoint must be https://host[:port] without a path");
            }
            if (endpoint.getRawUserInfo() != null
                    || endpoint.getRawQuery() != null
                    || endpoint.getRawFragment() != null) {
                throw new IllegalArgumentException("endpoint must hold no user, query or fragment");
            }
        }
    }

    /**
     * Where requests go.
     *
     * @param endpoint scheme, host and port, without the bucket
     * @param region the region that requests are signed for
     */
    public record Address(URI endpoint, String region, Addressing addressing) {}

    /** Where the bucket stands in a request's address. */
    public enum Addressing {
        /** {@code https://bucket.host/key}. */
        VIRTUAL_HOST,
        /** {@code https://host/bucket/key}. */
        PATH
    }

    /** The checksum sent with each upload, which the server verifies before it stores. */
    public enum Checksum {
        /** {@code x-amz-checksum-sha256}. */
        SHA256,
        /** {@code Content-MD5}, which every server of the family knows. */
        MD5
    }

    private enum ConditionalPut {
        YES,
        NO
    }

    private enum Locking {
        YES,
        NO
    }

    private enum Need {
        REQUIRED,
        OPTIONAL,
        NONE
    }
}
