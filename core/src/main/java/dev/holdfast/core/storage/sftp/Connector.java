package dev.holdfast.core.storage.sftp;

import dev.holdfast.core.model.Secret;
import dev.holdfast.core.storage.SftpLogin;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import net.schmizz.keepalive.KeepAliveRunner;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.method.AuthKeyboardInteractive;
import net.schmizz.sshj.userauth.method.AuthMethod;
import net.schmizz.sshj.userauth.method.AuthPassword;
import net.schmizz.sshj.userauth.method.AuthPublickey;
import net.schmizz.sshj.userauth.method.PasswordResponseProvider;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.Resource;

/** Opens connections to one site: the socket, the server's key, our login, the SFTP subsystem. */
final class Connector {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(30);
    private static final int KEEP_ALIVE_SECONDS = 15;
    private static final int UNANSWERED_KEEP_ALIVES = 4;

    /** How many bytes the server may send ahead of us, and the most in one packet. */
    private static final int WINDOW_BYTES = 4 << 20;

    private static final int PACKET_BYTES = 64 << 10;

    private final StorageSpec.Sftp site;

    /** Host key algorithms that lead to a key other than the pinned one; learnt once, kept for later connections. */
    private volatile Set<String> refusedAlgorithms = Set.of();

    Connector(StorageSpec.Sftp site) {
        this.site = site;
    }

    SftpConnection connect() throws StorageException {
        HostKeyCheck check = new HostKeyCheck(site.trust());
        Optional<StorageException> mismatch = Optional.empty();
        Set<String> refused = new HashSet<>(refusedAlgorithms);
        while (true) {
            SSHClient ssh = new SSHClient(new SshConfig(refused));
            try {
                SftpConnection connection = connect(ssh, check);
                refusedAlgorithms = Set.copyOf(refused);
                return connection;
            } catch (IOException | SSHRuntimeException | IllegalStateException e) {
                StorageException failure = close(ssh, failure(e, check));
                boolean wrongKey = check.takeRefusal();
                if (mismatch.isPresent() && !wrongKey) {
                    // The other key types were only a second chance; without them the first mismatch is the answer.
                    throw mismatch.get();
                }
                if (!wrongKey || !check.mayKnowAnotherKey() || !refused.addAll(check.refusedAlgorithms())) {
                    throw failure;
                }
                mismatch = Optional.of(failure);
            }
        }
    }

    private SftpConnection connect(SSHClient ssh, HostKeyCheck check) throws IOException {
        List<AuthMethod> methods = methods(ssh);
        ConnectedSocket socket = ConnectedSocket.to(site.host(), site.port(), CONNECT_TIMEOUT);
        ssh.setSocketFactory(socket);
        ssh.addHostKeyVerifier(check);
        ssh.setTimeout(Math.toIntExact(HANDSHAKE_TIMEOUT.toMillis()));
        ssh.getTransport().setTimeoutMs(Math.toIntExact(HANDSHAKE_TIMEOUT.toMillis()));
        ssh.getConnection().setTimeoutMs(Math.toIntExact(SftpConnection.ANSWER_TIMEOUT.toMillis()));
        ssh.getConnection().setWindowSize(WINDOW_BYTES);
        ssh.getConnection().setMaxPacketSize(PACKET_BYTES);
        if (ssh.getConnection().getKeepAlive() instanceof KeepAliveRunner keepAlive) {
            keepAlive.setKeepAliveInterval(KEEP_ALIVE_SECONDS);
            keepAlive.setMaxAliveCount(UNANSWERED_KEEP_ALIVES);
        }
        ssh.connect(site.host(), site.port());
        ssh.auth(site.user(), methods);
        WriteEngine engine = new WriteEngine(ssh);
        engine.init();
        return new SftpConnection(ssh, socket.socket(), engine, where());
    }

    private List<AuthMethod> methods(SSHClient ssh) throws StorageException {
        return switch (site.login()) {
            case SftpLogin.Password(Secret password) -> {
                PasswordFinder finder = finder(password);
                yield List.of(
                        new AuthPassword(finder), new AuthKeyboardInteractive(new PasswordResponseProvider(finder)));
            }
            case SftpLogin.KeyFile(Path file, Optional<Secret> passphrase) ->
                List.of(key(ssh, read(file), passphrase, "private key " + file));
            case SftpLogin.KeyText(Secret text, Optional<Secret> passphrase) ->
                List.of(key(ssh, text.reveal(), passphrase, "private key"));
        };
    }

    private static String read(Path file) throws StorageException {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new StorageException.Denied("private key " + file + " cannot be read", e);
        }
    }

    private static AuthMethod key(SSHClient ssh, String text, Optional<Secret> passphrase, String what)
            throws StorageException {
        try {
            KeyProvider key =
                    ssh.loadKeys(text, null, passphrase.map(Connector::finder).orElse(null));
            key.getPrivate();
            return new AuthPublickey(key);
        } catch (IOException | RuntimeException e) {
            // sshj's own words are left out: a parser may quote what it could not read
            throw new StorageException.Denied(
                    what + " cannot be opened: "
                            + (passphrase.isPresent()
                                    ? "wrong passphrase, or not a key in OpenSSH, PEM or PKCS #8 format"
                                    : "it needs a passphrase, or is not a key in OpenSSH, PEM or PKCS #8 format"),
                    null);
        }
    }

    private static PasswordFinder finder(Secret secret) {
        return new PasswordFinder() {
            @Override
            public char[] reqPassword(Resource<?> resource) {
                return secret.reveal().toCharArray();
            }

            @Override
            public boolean shouldRetry(Resource<?> resource) {
                return false;
            }
        };
    }

    private StorageException failure(Exception e, HostKeyCheck check) {
        if (e instanceof StorageException classified) {
            return classified;
        }
        Optional<String> refusal = check.refusal();
        if (refusal.isPresent()) {
            return new StorageException.Denied(refusal.get(), e);
        }
        if (e instanceof UserAuthException && !lostConnection(e)) {
            return new StorageException.Denied(
                    "%s refused the login of %s: check the user and the %s"
                            .formatted(where(), site.user(), credential()),
                    e);
        }
        if (sharesNothing(e)) {
            return new StorageException.Rejected(
                    StorageException.Reason.INVALID, where() + " shares no algorithm with us: " + e.getMessage(), e);
        }
        return new StorageException.Unavailable("cannot connect to " + where() + ": " + SftpErrors.words(e), e);
    }

    /** sshj gives a failed negotiation no reason of its own, only words. */
    private static boolean sharesNothing(Exception e) {
        return e instanceof TransportException && SftpErrors.words(e).contains("Unable to reach a settlement");
    }

    private String credential() {
        return site.login() instanceof SftpLogin.Password ? "password" : "key";
    }

    private static boolean lostConnection(Throwable e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof TransportException || cause instanceof TimeoutException) {
                return true;
            }
        }
        return false;
    }

    private static StorageException close(SSHClient ssh, StorageException failure) {
        try {
            ssh.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    private String where() {
        return "SFTP server " + site.host() + " port " + site.port();
    }
}
