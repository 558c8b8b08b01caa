package dev.holdfast.core.storage;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.Secret;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where objects are kept, and how to get there: one record for each kind of provider, which validates itself. Secrets in
 * it are {@link dev.holdfast.core.model.Secret}, so its text can be shown.
 */
public sealed interface StorageSpec {
    /** The place in one line for people: never a secret. */
    String describe();

    /**
     * A folder of this machine.
     *
     * @param root absolute; must exist, since an unmounted disk must not be filled in silence
     */
    record Local(Path root) implements StorageSpec {
        public Local {
            if (!root.isAbsolute()) {
                throw new IllegalArgumentException("local storage needs an absolute folder, not \"" + root + "\"");
            }
            root = root.normalize();
        }

        @Override
        public String describe() {
            return "local folder " + root;
        }
    }

    /**
     * A bucket and how to reach it.
     *
     * @param place what the vendor wants to know of where it is
     * @param bucket which must exist already
     * @param prefix under which all objects are kept; empty for the whole bucket
     * @param accessKeyId names the key; not secret
     * @param sessionToken for temporary credentials
     * @param lock put on each new object; the bucket must have been made with Object Lock enabled
     */
    record S3(
            S3Vendor vendor,
            S3Vendor.Place place,
            String bucket,
            Optional<ObjectKey> prefix,
            String accessKeyId,
            Secret secretKey,
            Optional<Secret> sessionToken,
            Optional<ObjectLock> lock)
            implements StorageSpec {
        private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
        private static final Pattern KEY_ID = Pattern.compile("[\\x21-\\x7e]{1,128}");

        /** @throws IllegalArgumentException naming what is missing or malformed, never a secret */
        public S3 {
            if (!BUCKET.matcher(bucket).matches() || bucket.contains("..")) {
                throw new IllegalArgumentException(
                        "bucket \"" + bucket + "\": 3 to 63 lower-case letters, digits, dots and hyphens are allowed");
            }
            if (!KEY_ID.matcher(accessKeyId).matches()) {
                throw new IllegalArgumentException("access key id is empty or has characters that no key id has");
            }
            if (lock.isPresent() && !vendor.hasObjectLock()) {
                throw new IllegalArgumentException(vendor.title() + " has no Object Lock: leave the lock out");
            }
            vendor.address(place); // fails here rather than at the first request
        }

        /** The same with a lock on each new object. */
        public S3 with(ObjectLock other) {
            return new S3(vendor, place, bucket, prefix, accessKeyId, secretKey, sessionToken, Optional.of(other));
        }

        /** Where requests go. */
        public S3Vendor.Address address() {
            return vendor.address(place);
        }

        @Override
        public String describe() {
            String path = prefix.map(p -> "/" + p.text()).orElse("");
            return vendor.title() + ", bucket " + bucket + path + " at "
                    + address().endpoint();
        }
    }

    /**
     * A folder of an SFTP server.
     *
     * @param host a name or an address, IPv6 without brackets
     * @param port 22 unless the server says otherwise
     * @param root the folder, which must exist: absolute, or relative to where the login arrives; {@code .} is that place
     * @param connections most to be open at once, 1 to 16
     */
    record Sftp(String host, int port, String user, SftpLogin login, SftpHostTrust trust, String root, int connections)
            implements StorageSpec {
        public static final int DEFAULT_PORT = 22;
        public static final int DEFAULT_CONNECTIONS = 4;
        private static final int MAX_CONNECTIONS = 16;

        public Sftp {
            if (!host.matches("[^\\s\\p{Cntrl}\\[\\]/@]+")) {
                throw new IllegalArgumentException(
                        "SFTP host must be a name or an address, without brackets, not \"" + host + "\"");
            }
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("SFTP port must be 1 to 65535, not " + port);
            }
            if (user.isBlank()) {
                throw new IllegalArgumentException("SFTP user is missing");
            }
            if (root.isBlank() || root.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("SFTP root must be a folder; . is where the login arrives");
            }
            if (connections < 1 || connections > MAX_CONNECTIONS) {
                throw new IllegalArgumentException("SFTP connections must be 1 to " + MAX_CONNECTIONS);
            }
        }

        /** With the usual port and number of connections. */
        public Sftp(String host, String user, SftpLogin login, SftpHostTrust trust, String root) {
            this(host, DEFAULT_PORT, user, login, trust, root, DEFAULT_CONNECTIONS);
        }

        @Override
        public String describe() {
            return "SFTP " + user + "@" + host + (port == DEFAULT_PORT ? "" : " port " + port) + " " + root;
        }
    }

    /**
     * A folder of an FTP server.
     *
     * @param host a name or an address, IPv6 without brackets; certificates are checked against it
     * @param port see {@link FtpSecurity#defaultPort()}
     * @param root the folder, which must exist: absolute, or relative to where the login arrives; {@code .} is that place
     * @param certificates PEM file of the authorities (or the very certificates) to trust instead of the system's roots
     * @param connections most to be open at once, 1 to 16; not more than the server allows one client
     */
    record Ftp(
            FtpSecurity security,
            String host,
            int port,
            String user,
            Secret password,
            String root,
            Optional<Path> certificates,
            FtpPassiveMode passiveMode,
            int connections)
            implements StorageSpec {
        public static final int DEFAULT_CONNECTIONS = 4;
        private static final int MAX_CONNECTIONS = 16;
        /** A line break would be a command of its own. */
        private static final Pattern ONE_LINE = Pattern.compile("[^\\p{Cntrl}]+");

        /** @throws IllegalArgumentException naming what is missing or malformed, never a secret */
        public Ftp {
            if (!host.matches("[^\\s\\p{Cntrl}\\[\\]/@]+")) {
                throw new IllegalArgumentException(
                        "FTP host must be a name or an address, without brackets, not \"" + host + "\"");
            }
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("FTP port must be 1 to 65535, not " + port);
            }
            if (user.isBlank() || !ONE_LINE.matcher(user).matches()) {
                throw new IllegalArgumentException("FTP user is missing or has a control character");
            }
            if (!ONE_LINE.matcher(password.reveal()).matches()) {
                throw new IllegalArgumentException("FTP password has a control character");
            }
            if (root.isBlank() || !ONE_LINE.matcher(root).matches()) {
                throw new IllegalArgumentException("FTP root must be a folder; . is where the login arrives");
            }
            if (connections < 1 || connections > MAX_CONNECTIONS) {
                throw new IllegalArgumentException("FTP connections must be 1 to " + MAX_CONNECTIONS);
            }
        }

        /** With the usual port, EPSV, the system's roots and the usual number of connections. */
        public Ftp(FtpSecurity security, String host, String user, Secret password, String root) {
            this(
                    security,
                    host,
                    security.defaultPort(),
                    user,
                    password,
                    root,
                    Optional.empty(),
                    FtpPassiveMode.EPSV,
                    DEFAULT_CONNECTIONS);
        }

        @Override
        public String describe() {
            String protocol = security == FtpSecurity.PLAIN ? "FTP in the clear " : "FTPS ";
            return protocol + user + "@" + host + (port == security.defaultPort() ? "" : " port " + port) + " " + root;
        }
    }

    /** A folder of a Google Drive. */
    record GoogleDrive(GoogleDriveRoot root, GoogleDriveLogin login) implements StorageSpec {
        @Override
        public String describe() {
            return switch (root) {
                case GoogleDriveRoot.Named(String name) -> "Google Drive, folder " + name + " in My Drive";
                case GoogleDriveRoot.Folder(String id) -> "Google Drive, folder with id " + id;
            };
        }
    }

    /**
     * A folder of a Dropbox account, reached as an app of the user's own. Access tokens live for hours; the refresh token
     * gets new ones.
     *
     * @param appKey names the app; not secret
     * @param appSecret absent for an app that logged in with PKCE, whose refresh token works without it
     * @param root a folder that must exist, such as {@code /backups}; empty for the whole of what the app may see (for an
     *     app with a folder of its own: that folder)
     */
    record Dropbox(String appKey, Optional<Secret> appSecret, Secret refreshToken, String root) implements StorageSpec {
        private static final Pattern APP_KEY = Pattern.compile("[A-Za-z0-9]{1,64}");
        private static final Pattern ROOT = Pattern.compile("(/[^/\\\\\\p{Cntrl}]{1,255})*");
        /** A secret travels in a form or a header: nothing else than visible ASCII is one. */
        private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]+");

        /** @throws IllegalArgumentException naming what is missing or malformed, never a secret */
        public Dropbox {
            if (!APP_KEY.matcher(appKey).matches()) {
                throw new IllegalArgumentException("Dropbox app key must be letters and digits; see the app console");
            }
            if (!VISIBLE.matcher(refreshToken.reveal()).matches()) {
                throw new IllegalArgumentException("Dropbox refresh token has characters that no token has");
            }
            if (appSecret.isPresent()
                    && !VISIBLE.matcher(appSecret.get().reveal()).matches()) {
                throw new IllegalArgumentException("Dropbox app secret has characters that no secret has");
            }
            String path = root.startsWith("/") || root.isEmpty() ? root : "/" + root;
            root = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
            if (!ROOT.matcher(root).matches() || (root + "/").contains("/./") || (root + "/").contains("/../")) {
                throw new IllegalArgumentException(
                        "Dropbox root must be a folder like /backups, or empty for all the app may see");
            }
        }

        @Override
        public String describe() {
            return "Dropbox app " + appKey + " folder " + (root.isEmpty() ? "/" : root);
        }
    }
}
