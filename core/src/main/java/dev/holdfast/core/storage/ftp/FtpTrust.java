package dev.holdfast.core.storage.ftp;

import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whom we believe to be the server, and TLS contexts that hold to it. Nothing accepts every certificate. */
final class FtpTrust {
    private static final String TICKETS = "jdk.tls.client.enableSessionTicketExtension";
    private static final Object TICKETS_LOCK = new Object();

    private final TrustManager[] managers;

    private FtpTrust(TrustManager[] managers) {
        this.managers = managers;
    }

    /** Trusts the certificates of a PEM file and no others; without a file, the system's roots. */
    static FtpTrust of(Optional<Path> certificates) throws StorageException {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(certificates.isPresent() ? store(certificates.get()) : null);
            return new FtpTrust(factory.getTrustManagers());
        } catch (IOException | GeneralSecurityException e) {
            throw new StorageException.Rejected(
                    StorageException.Reason.INVALID,
                    "certificates to trust cannot be read from "
                            + certificates.map(Path::toString).orElse("the system's roots")
                            + "; it must be a PEM file of certificates",
                    e);
        }
    }

    private static @Nullable KeyStore store(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        Collection<? extends Certificate> found;
        try (InputStream in = Files.newInputStream(file)) {
            found = CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
        if (found.isEmpty()) {
            throw new IOException("no certificate in the file");
        }
        int number = 0;
        for (Certificate certificate : found) {
            store.setCertificateEntry("trusted-" + number++, certificate);
        }
        return store;
    }

    /**
     * A context for one control connection and its data connections. Each control connection has its own, because
     * servers accept a data connection only with the TLS session of its own control connection and the session cache
     * of a context keeps one session for each host and port.
     *
     * <p>TLS 1.2 only: its sessions can be resumed any number of times, while the tickets of TLS 1.3 are used up.
     *
     * <p>Sessions are resumed by id, not by ticket: vsftpd hands out tickets with a lifetime of 68 years, which JSSE
     * must refuse (RFC 8446 4.6.1 allows a week), and then keeps no session at all. JSSE has only a system property
     * for this, but reads it in the constructor of each context's session cache; so it is set for the moment in which
     * the context is made. A context made by another thread in that moment also resumes by id, which works as well.
     */
    SSLContext newContext() throws IOException {
        try {
            SSLContext context = contextWithoutTickets();
            context.init(null, managers, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java runtime has no TLS 1.2", e);
        }
    }

    private static SSLContext contextWithoutTickets() throws GeneralSecurityException {
        synchronized (TICKETS_LOCK) {
            String before = System.getProperty(TICKETS);
            System.setProperty(TICKETS, "false");
            try {
                return SSLContext.getInstance("TLSv1.2");
            } finally {
                if (before == null) {
                    System.clearProperty(TICKETS);
                } else {
                    System.setProperty(TICKETS, before);
                }
            }
        }
    }
}
