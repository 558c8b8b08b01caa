package dev.holdfast.core.storage.sftp;

import dev.holdfast.core.model.Secret;
import dev.holdfast.core.storage.SftpHostTrust;
import dev.holdfast.core.storage.SftpLogin;
import dev.holdfast.core.storage.StorageSpec;
import dev.holdfast.core.testing.TestContainer;
import java.io.IOException;
import java.util.UUID;

/** OpenSSH in a container, with one user whose home is writable. */
final class SftpServer implements AutoCloseable {
    static final String IMAGE = "holdfast-test/sshd:1";
    static final String USER = "backup";
    static final String PASSWORD = "correct horse battery staple";
    private static final String HOME = "/home/backup/";

    private final TestContainer container;
    private final int port;

    private SftpServer(TestContainer container, int port) {
        this.container = container;
        this.port = port;
    }

    /** @param options of sshd, as in {@code -o RekeyLimit=1M} */
    static SftpServer start(String... options) throws IOException {
        int port = TestContainer.freePort();
        TestContainer container = TestContainer.image(IMAGE)
                .hostNetwork(port)
                .environment("SSH_PORT", String.valueOf(port))
                .environment("SSH_PASSWORD", PASSWORD)
                .tmpfs("/full", "size=24m,mode=1777")
                .command(options)
                .start();
        SftpServer server = new SftpServer(container, port);
        try {
            container.awaitBanner(port, "SSH-2.0-");
            return server;
        } catch (IOException e) {
            container.close();
            throw e;
        }
    }

    int port() {
        return port;
    }

    String newRoot() throws IOException {
        String root = HOME + UUID.randomUUID();
        asUser("mkdir", root);
        return root;
    }

    String asUser(String... command) throws IOException {
        String[] full = new String[command.length + 3];
        full[0] = "setpriv";
        full[1] = "--reuid=" + USER;
        full[2] = "--clear-groups";
        System.arraycopy(command, 0, full, 3, command.length);
        return container.exec(full);
    }

    String exec(String... command) throws IOException {
        return container.exec(command);
    }

    /** The line of known_hosts for a name, without the name. */
    String hostKey(String type) throws IOException {
        return container.exec("cat", "/etc/ssh/ssh_host_" + type + "_key.pub").strip();
    }

    String fingerprint(String type) throws IOException {
        return container.exec("ssh-keygen", "-lf", "/etc/ssh/ssh_host_" + type + "_key.pub")
                .split(" ", -1)[1];
    }

    void restart() throws IOException {
        container.restart();
        container.awaitBanner(port, "SSH-2.0-");
    }

    SftpLogin password() {
        return new SftpLogin.Password(Secret.of(PASSWORD));
    }

    SftpHostTrust pin() throws IOException {
        return new SftpHostTrust.Fingerprint(fingerprint("ed25519"));
    }

    StorageSpec.Sftp site(String root) throws IOException {
        return new StorageSpec.Sftp("127.0.0.1", port, USER, password(), pin(), root, 4);
    }

    @Override
    public void close() throws IOException {
        container.close();
    }
}
