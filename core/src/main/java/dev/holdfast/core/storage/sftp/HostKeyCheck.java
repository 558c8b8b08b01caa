package dev.holdfast.core.storage.sftp;

import dev.holdfast.core.storage.SftpHostTrust;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;

/**
 * Decides whether the key a server shows is the one we were told to trust, and can say why not. For one connection, or
 * for attempts one after the other.
 */
final class HostKeyCheck implements HostKeyVerifier {
    private final SftpHostTrust trust;
    private final Set<String> shown = new LinkedHashSet<>();
    private volatile Optional<String> refusal = Optional.empty();
    private volatile String keyType = "";

    HostKeyCheck(SftpHostTrust trust) {
        this.trust = trust;
    }

    /** Why the key was refused, as a sentence with the fingerprints expected and got; empty when none was refused. */
    Optional<String> refusal() {
        return refusal;
    }

    /** Forgets the refusal, for another attempt; whether there was one. */
    boolean takeRefusal() {
        boolean refused = refusal.isPresent();
        refusal = Optional.empty();
        return refused;
    }

    /** Whether the server may have the trusted key beside the refused one: a pin does not say of which type it is. */
    boolean mayKnowAnotherKey() {
        return trust instanceof SftpHostTrust.Fingerprint;
    }

    /** The algorithm names that would make the server show the refused key again. */
    Set<String> refusedAlgorithms() {
        return Set.copyOf(algorithms(keyType));
    }

    @Override
    public synchronized boolean verify(String host, int port, PublicKey key) {
        byte[] blob = new Buffer.PlainBuffer().putPublicKey(key).getCompactData();
        keyType = KeyType.fromKey(key).toString();
        shown.add(fingerprint(blob));
        refusal = switch (trust) {
            case SftpHostTrust.Fingerprint(String expected) -> comparePin(host, port, expected, blob);
            case SftpHostTrust.KnownHosts(Path file) -> lookUp(host, port, file, blob);
        };
        return refusal.isEmpty();
    }

    @Override
    public List<String> findExistingAlgorithms(String host, int port) {
        return switch (trust) {
            case SftpHostTrust.Fingerprint ignored -> List.of();
            case SftpHostTrust.KnownHosts(Path file) -> {
                try {
                    yield KnownHosts.read(file).of(host, port).stream()
                            .filter(entry -> entry.marker() == KnownHosts.Marker.NONE)
                            .flatMap(entry -> algorithms(entry.keyType()).stream())
                            .toList();
                } catch (IOException | IllegalArgumentException e) {
                    yield List.of(); // only an order of preference; verify meets the same trouble and tells it
                }
            }
        };
    }

    private Optional<String> comparePin(String host, int port, String expected, byte[] blob) {
        if (fingerprint(blob).equals(expected)) {
            return Optional.empty();
        }
        return Optional.of(
                "host key of %s port %d is not the pinned one: expected %s, got %s; if the server was given a new key on purpose, pin that one"
                        .formatted(host, port, expected, String.join(" and ", shown)));
    }

    private static Optional<String> lookUp(String host, int port, Path file, byte[] blob) {
        List<KnownHosts.Entry> entries;
        try {
            entries = KnownHosts.read(file).of(host, port);
        } catch (IOException e) {
            return Optional.of("known_hosts file " + file + " cannot be read: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            return Optional.of("known_hosts file " + file + " is damaged: " + e.getMessage());
        }
        String got = fingerprint(blob);
        if (entries.stream().anyMatch(e -> e.marker() == KnownHosts.Marker.REVOKED && e.isFor(blob))) {
            return Optional.of("host key %s of %s port %d is revoked in %s".formatted(got, host, port, file));
        }
        List<KnownHosts.Entry> keys = entries.stream()
                .filter(e -> e.marker() == KnownHosts.Marker.NONE)
                .toList();
        if (keys.stream().anyMatch(e -> e.isFor(blob))) {
            return Optional.empty();
        }
        if (!keys.isEmpty()) {
            String expected =
                    keys.stream().map(e -> fingerprint(e.key())).distinct().collect(Collectors.joining(" or "));
            return Optional.of(
                    "host key of %s port %d has changed: expected %s (from %s), got %s; someone may be in between, or the server was given a new key"
                            .formatted(host, port, expected, file, got));
        }
        if (entries.stream().anyMatch(e -> e.marker() == KnownHosts.Marker.CERT_AUTHORITY)) {
            return Optional.of(
                    "%s trusts %s port %d by @cert-authority, and host certificates are not supported; add a line with the host's own key, %s"
                            .formatted(file, host, port, got));
        }
        return Optional.of(
                "%s has no key for %s port %d; the server shows %s: compare it with the server's own, then add it"
                        .formatted(file, host, port, got));
    }

    /** The names under which a key type is negotiated: an RSA key signs with SHA-2 under names of its own (RFC 8332). */
    private static List<String> algorithms(String keyType) {
        return keyType.equals("ssh-rsa") ? List.of("rsa-sha2-512", "rsa-sha2-256") : List.of(keyType);
    }

    /** OpenSSH's form: {@code SHA256:} and the digest in Base64 without padding. */
    static String fingerprint(byte[] blob) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(blob);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }
}
