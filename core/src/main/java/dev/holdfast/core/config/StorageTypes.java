package dev.holdfast.core.config;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.Secret;
import dev.holdfast.core.storage.FtpPassiveMode;
import dev.holdfast.core.storage.FtpSecurity;
import dev.holdfast.core.storage.GoogleDriveLogin;
import dev.holdfast.core.storage.GoogleDriveRoot;
import dev.holdfast.core.storage.RateLimit;
import dev.holdfast.core.storage.S3Vendor;
import dev.holdfast.core.storage.SftpHostTrust;
import dev.holdfast.core.storage.SftpLogin;
import dev.holdfast.core.storage.StorageOptions;
import dev.holdfast.core.storage.StorageSpec;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns settings, which are texts, into a spec. Unknown settings are errors that name the known ones. */
public final class StorageTypes {
    private static final Map<String, S3Vendor> S3 = s3();
    private static final Map<String, FtpSecurity> FTP = Map.of(
            "ftp", FtpSecurity.PLAIN, "ftps", FtpSecurity.EXPLICIT_TLS, "ftps-implicit", FtpSecurity.IMPLICIT_TLS);

    /** The types a storage can have. */
    public static final List<String> NAMES = names();

    private static final String GOOGLE_DRIVE = "gdrive";

    /** What the types of a family can be told. */
    private record Family(Set<String> settings, Set<String> secrets, Set<String> required) {}

    private static final Family LOCAL = new Family(Set.of("path"), Set.of(), Set.of("path"));
    private static final Family BUCKET = new Family(
            Set.of("bucket", "prefix", "region", "account", "jurisdiction", "endpoint", "access-key-id"),
            Set.of("secret-key", "session-token"),
            Set.of("bucket", "access-key-id", "secret-key"));
    private static final Family SFTP = new Family(
            Set.of("host", "port", "user", "root", "connections", "known-hosts", "fingerprint", "key-file"),
            Set.of("password", "passphrase"),
            Set.of("host", "user"));
    private static final Family FTP_SERVER = new Family(
            Set.of("host", "port", "user", "root", "connections", "certificates", "passive"),
            Set.of("password"),
            Set.of("host", "user", "password"));
    private static final Family DRIVE = new Family(
            Set.of("folder", "folder-id", "client-id"),
            Set.of("client-secret", "refresh-token"),
            Set.of("client-id", "client-secret", "refresh-token"));
    private static final Family DROPBOX = new Family(
            Set.of("app-key", "root"), Set.of("app-secret", "refresh-token"), Set.of("app-key", "refresh-token"));

    /** Every type has it. */
    private static final String LIMIT = "limit";

    private StorageTypes() {}

    private static Map<String, S3Vendor> s3() {
        Map<String, S3Vendor> vendors = new LinkedHashMap<>();
        vendors.put("aws", S3Vendor.AWS);
        vendors.put("r2", S3Vendor.CLOUDFLARE_R2);
        vendors.put("spaces", S3Vendor.DIGITALOCEAN_SPACES);
        vendors.put("b2", S3Vendor.BACKBLAZE_B2);
        vendors.put("wasabi", S3Vendor.WASABI);
        vendors.put("minio", S3Vendor.MINIO);
        vendors.put("hetzner", S3Vendor.HETZNER);
        vendors.put("s3", S3Vendor.GENERIC);
        return vendors;
    }

    private static List<String> names() {
        List<String> names = new java.util.ArrayList<>(List.of("local"));
        names.addAll(S3.keySet());
        names.add("sftp");
        names.addAll(FTP.keySet());
        names.add(GOOGLE_DRIVE);
        names.add("dropbox");
        return List.copyOf(names);
    }

    private static Family family(String type) {
        if (S3.containsKey(type)) {
            return BUCKET;
        }
        if (FTP.containsKey(type)) {
            return FTP_SERVER;
        }
        return switch (type) {
            case "local" -> LOCAL;
            case "sftp" -> SFTP;
            case GOOGLE_DRIVE -> DRIVE;
            case "dropbox" -> DROPBOX;
            default -> throw new IllegalArgumentException("unknown storage type " + type + "; there are " + NAMES);
        };
    }

    /** Settings of a type that are secret; none for a type that is not known. */
    public static Set<String> secrets(String type) {
        return NAMES.contains(type) ? family(type).secrets() : Set.of();
    }

    /** Settings of a type that are not secret. Throws {@link IllegalArgumentException} for a type that is not known. */
    public static Set<String> settings(String type) {
        Set<String> known = new HashSet<>(family(type).settings());
        known.add(LIMIT);
        return known;
    }

    /** Settings, secret ones too, without which a type never works. Some vendors want more. */
    public static Set<String> required(String type) {
        return family(type).required();
    }

    /** Whether objects can be locked against deletion in storages of a type. */
    public static boolean canLock(String type) {
        return Optional.ofNullable(S3.get(type)).filter(S3Vendor::hasObjectLock).isPresent();
    }

    /**
     * The spec of a storage.
     *
     * @throws IllegalArgumentException naming the setting that is missing, unknown or malformed
     */
    public static StorageSpec spec(String type, Map<String, String> settings, Map<String, Secret> secrets) {
        requireKnown(type, settings.keySet(), settings(type));
        options(settings);
        requireKnown(type, secrets.keySet(), secrets(type));
        S3Vendor vendor = S3.get(type);
        if (vendor != null) {
            return bucket(vendor, settings, secrets);
        }
        FtpSecurity security = FTP.get(type);
        if (security != null) {
            return ftp(security, settings, secrets);
        }
        return switch (type) {
            case "local" -> new StorageSpec.Local(Path.of(required(settings, "path")));
            case GOOGLE_DRIVE -> googleDrive(settings, secrets);
            case "dropbox" -> dropbox(settings, secrets);
            default -> sftp(settings, secrets);
        };
    }

    /** What settings of any type say of the rules around the driver. Throws {@link IllegalArgumentException} for a malformed one. */
    public static StorageOptions options(Map<String, String> settings) {
        return optional(settings, LIMIT)
                .map(RateLimit::parse)
                .map(StorageOptions.DEFAULT::with)
                .orElse(StorageOptions.DEFAULT);
    }

    private static void requireKnown(String type, Set<String> given, Set<String> known) {
        Set<String> unknown = new HashSet<>(given);
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("a storage of type " + type + " has no setting " + unknown + "; it has "
                    + known.stream().sorted().toList());
        }
    }

    private static StorageSpec bucket(S3Vendor vendor, Map<String, String> settings, Map<String, Secret> secrets) {
        S3Vendor.Place place = new S3Vendor.Place(
                optional(settings, "region"),
                optional(settings, "account"),
                optional(settings, "jurisdiction"),
                optional(settings, "endpoint").map(URI::create));
        return new StorageSpec.S3(
                vendor,
                place,
                required(settings, "bucket"),
                optional(settings, "prefix").map(StorageTypes::prefix),
                required(settings, "access-key-id"),
                secret(secrets, "secret-key"),
                Optional.ofNullable(secrets.get("session-token")),
                Optional.empty());
    }

    private static ObjectKey prefix(String text) {
        try {
            return new ObjectKey(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("setting prefix: " + e.getMessage(), e);
        }
    }

    private static StorageSpec sftp(Map<String, String> settings, Map<String, Secret> secrets) {
        Optional<String> keyFile = optional(settings, "key-file");
        SftpLogin login = keyFile.isPresent()
                ? new SftpLogin.KeyFile(Path.of(keyFile.get()), Optional.ofNullable(secrets.get("passphrase")))
                : new SftpLogin.Password(secret(secrets, "password"));
        SftpHostTrust trust = optional(settings, "fingerprint")
                .<SftpHostTrust>map(SftpHostTrust.Fingerprint::new)
                .orElseGet(
                        () -> new SftpHostTrust.KnownHosts(
                                Path.of(
                                        optional(settings, "known-hosts")
                                                .orElseThrow(
                                                        () -> new IllegalArgumentException(
                                                                "setting fingerprint or known-hosts is needed: the server's host key must be known")))));
        return new StorageSpec.Sftp(
                required(settings, "host"),
                number(settings, "port", StorageSpec.Sftp.DEFAULT_PORT),
                required(settings, "user"),
                login,
                trust,
                optional(settings, "root").orElse("."),
                number(settings, "connections", StorageSpec.Sftp.DEFAULT_CONNECTIONS));
    }

    private static StorageSpec ftp(FtpSecurity security, Map<String, String> settings, Map<String, Secret> secrets) {
        return new StorageSpec.Ftp(
                security,
                required(settings, "host"),
                number(settings, "port", security.defaultPort()),
                required(settings, "user"),
                secret(secrets, "password"),
                optional(settings, "root").orElse("."),
                optional(settings, "certificates").map(Path::of),
                passive(optional(settings, "passive").orElse("epsv")),
                number(settings, "connections", StorageSpec.Ftp.DEFAULT_CONNECTIONS));
    }

    private static StorageSpec googleDrive(Map<String, String> settings, Map<String, Secret> secrets) {
        Optional<String> name = optional(settings, "folder");
        Optional<String> id = optional(settings, "folder-id");
        if (name.isPresent() && id.isPresent()) {
            throw new IllegalArgumentException("settings folder and folder-id exclude each other");
        }
        GoogleDriveRoot root = id.<GoogleDriveRoot>map(GoogleDriveRoot.Folder::new)
                .orElseGet(() -> new GoogleDriveRoot.Named(name.orElse("Holdfast")));
        return new StorageSpec.GoogleDrive(
                root,
                new GoogleDriveLogin(
                        required(settings, "client-id"),
                        secret(secrets, "client-secret"),
                        secret(secrets, "refresh-token")));
    }

    private static StorageSpec dropbox(Map<String, String> settings, Map<String, Secret> secrets) {
        return new StorageSpec.Dropbox(
                required(settings, "app-key"),
                Optional.ofNullable(secrets.get("app-secret")),
                secret(secrets, "refresh-token"),
                optional(settings, "root").orElse(""));
    }

    private static FtpPassiveMode passive(String text) {
        return switch (text) {
            case "epsv" -> FtpPassiveMode.EPSV;
            case "pasv" -> FtpPassiveMode.PASV;
            default -> throw new IllegalArgumentException("setting passive must be epsv or pasv, not " + text);
        };
    }

    private static Optional<String> optional(Map<String, String> settings, String name) {
        return Optional.ofNullable(settings.get(name));
    }

    private static String required(Map<String, String> settings, String name) {
        return optional(settings, name)
                .orElseThrow(() -> new IllegalArgumentException("setting " + name + " is missing"));
    }

    private static Secret secret(Map<String, Secret> secrets, String name) {
        return Optional.ofNullable(secrets.get(name))
                .orElseThrow(() -> new IllegalArgumentException("secret setting " + name + " is missing"));
    }

    private static int number(Map<String, String> settings, String name, int otherwise) {
        try {
            return optional(settings, name).map(Integer::parseInt).orElse(otherwise);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("setting " + name + " must be a number", e);
        }
    }
}
