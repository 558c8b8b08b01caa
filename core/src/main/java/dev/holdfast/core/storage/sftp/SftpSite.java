package dev.holdfast.core.storage.sftp;

import dev.holdfast.core.storage.SftpHostTrust;
import dev.holdfast.core.storage.SftpLogin;

/** Where the objects are and how to get there. */
public record SftpSite(
        String host, int port, String user, SftpLogin login, SftpHostTrust trust, String root, int connections) {}
