package dev.holdfast.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.chunk.Chunking;
import dev.holdfast.core.crypto.X25519Identity;
import dev.holdfast.core.model.Secret;
import dev.holdfast.core.providers.Providers;
import dev.holdfast.core.repository.SnapshotHeader;
import dev.holdfast.core.storage.SftpHostTrust;
import dev.holdfast.core.storage.SftpLogin;
import dev.holdfast.core.storage.StorageSpec;
import dev.holdfast.core.storage.local.LocalDriver;
import dev.holdfast.core.testing.Moto;
import dev.holdfast.core.testing.TestContainer;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies from one kind of storage into another: restored from the copy with nothing but an identity. */
class CopyBetweenIT {
    private static final String PASSWORD = "correct horse battery staple";

    @TempDir
    Path folder;

    private static byte[] noise(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** More than a pack, and a second snapshot that shares most of it. */
    private static void copyAndRestore(TestRepository test, TestCopy copy) throws IOException {
        byte[] large = noise(1, 40_000_000);
        SnapshotHeader first = test.backup(large).snapshot();
        assertThat(copy.run().isComplete()).isTrue();
        SnapshotHeader second = test.backup(noise(2, 1_000_000), large).snapshot();
        ReplicateReport report = copy.run();
        assertThat(report.isComplete()).isTrue();
        assertThat(report.bytes()).isEqualTo(second.storedBytes());
        copy.assertWhole(2);
        assertThat(java.util.Arrays.equals(copy.restore(first), large)).isTrue();
        assertThat(copy.restore(second)).isEqualTo(noise(2, 1_000_000));
    }

    @Test
    void fromAFolderToABucket() throws IOException {
        try (Moto moto = Moto.start()) {
            LocalDriver local = new LocalDriver(folder);
            TestRepository test =
                    new TestRepository(local, X25519Identity.generate(new SecureRandom()), Chunking.CONTENT_DEFINED);
            copyAndRestore(test, new TestCopy(test, local, Providers.open(moto.plainBucket(), "shop/")));
        }
    }

    @Test
    void fromAnSftpServerToAFolder() throws IOException {
        int port = TestContainer.freePort();
        try (TestContainer server = TestContainer.image("holdfast-test/sshd:1")
                .hostNetwork(port)
                .environment("SSH_PORT", String.valueOf(port))
                .environment("SSH_PASSWORD", PASSWORD)
                .start()) {
            server.awaitBanner(port, "SSH-2.0-");
            server.exec("setpriv", "--reuid=backup", "--clear-groups", "mkdir", "/home/backup/repository");
            String fingerprint = server.exec("ssh-keygen", "-lf", "/etc/ssh/ssh_host_ed25519_key.pub")
                    .split(" ", -1)[1];
            StorageSpec site = new StorageSpec.Sftp(
                    "127.0.0.1",
                    port,
                    "backup",
                    new SftpLogin.Password(Secret.of(PASSWORD)),
                    new SftpHostTrust.Fingerprint(fingerprint),
                    "/home/backup/repository",
                    4);
            var remote = Providers.open(site);
            TestRepository test =
                    new TestRepository(remote, X25519Identity.generate(new SecureRandom()), Chunking.CONTENT_DEFINED);
            copyAndRestore(test, new TestCopy(test, remote, new LocalDriver(folder)));
        }
    }
}
