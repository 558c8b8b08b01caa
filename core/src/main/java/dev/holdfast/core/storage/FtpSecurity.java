package dev.holdfast.core.storage;

/** How the connections to an FTP server are protected. There is no "TLS if the server offers it". */
public enum FtpSecurity {
    /** Everything in the clear, the password too: only for networks that protect it themselves. */
    PLAIN(21),
    /** The control connection starts in the clear and turns to TLS before the login (AUTH TLS, RFC 4217). */
    EXPLICIT_TLS(21),
    /** TLS from the first byte. */
    IMPLICIT_TLS(990);

    private final int defaultPort;

    FtpSecurity(int defaultPort) {
        this.defaultPort = defaultPort;
    }

    public int defaultPort() {
        return defaultPort;
    }
}
