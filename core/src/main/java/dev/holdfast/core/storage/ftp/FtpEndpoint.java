package dev.holdfast.core.storage.ftp;

import dev.holdfast.core.storage.FtpPassiveMode;
import dev.holdfast.core.storage.FtpSecurity;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where and how to reach an FTP server; the password is kept apart.
 *
 * @param host a name or an IP address (IPv6 with or without brackets); certificates are checked against it
 * @param root folder that holds the objects, as the server names it; empty for the folder after the login
 * @param certificates PEM file with the certificate authorities (or the very certificates) to trust instead of the
 *     system's roots
 * @param connections most connections at one time, 1 to 64; a server's limit for each client must not be lower
 */
public record FtpEndpoint(
        FtpSecurity security,
        String host,
        int port,
        String root,
        String user,
        Optional<Path> certificates,
        FtpPassiveMode passiveMode,
        int connections) {
    public static final int DEFAULT_CONNECTIONS = 4;
    private static final int MAX_CONNECTIONS = 64;

    public FtpEndpoint {
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isBlank() || hasControl(host)) {
            throw new IllegalArgumentException("FTP host is empty or has a control character");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("FTP port must be 1 to 65535, not " + port);
        }
        if (hasControl(root) || hasControl(user) || user.isEmpty()) {
            throw new IllegalArgumentException(
                    "FTP root and user must be free of control characters, and user not empty");
        }
        if (connections < 1 || connections > MAX_CONNECTIONS) {
            throw new IllegalArgumentException("FTP connections must be 1 to " + MAX_CONNECTIONS);
        }
    }

    static boolean hasControl(String text) {
        return text.chars().anyMatch(c -> c < 0x20 || c == 0x7f);
    }

    /** For messages: host and port, no user. */
    String display() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
