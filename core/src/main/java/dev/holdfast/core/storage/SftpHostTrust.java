package dev.holdfast.core.storage;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** How an SSH server is recognised. There is no way to accept any key. */
public sealed interface SftpHostTrust {
    /** By a file in OpenSSH's known_hosts format: hashed names and ports are understood, host certificates are not. */
    record KnownHosts(Path file) implements SftpHostTrust {}

    /**
     * By the fingerprint of one of the server's keys, as {@code ssh-keygen -lf} prints it.
     *
     * @param sha256 {@code SHA256:} and 43 characters of Base64
     */
    record Fingerprint(String sha256) implements SftpHostTrust {
        private static final Pattern VALID = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}");

        public Fingerprint {
            sha256 = sha256.strip().replaceFirst("=+$", "");
            if (!VALID.matcher(sha256).matches()) {
                throw new IllegalArgumentException(
                        "host key fingerprint must be SHA256: and 43 characters of Base64, as ssh-keygen -lf prints it");
            }
        }
    }
}
