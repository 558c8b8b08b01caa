package dev.holdfast.core.storage.sftp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The driver against a server of version 3 without OpenSSH's extensions (OpenSSH, told to refuse them), which also asks
 * for new session keys every few megabytes. It cannot pass the whole contract: without posix-rename there is a moment
 * without the object in each replacement.
 */
class PlainSftpServerIT {
    private static final ObjectKey KEY = new ObjectKey("a/object");
    private static SftpServer server;

    private String root;
    private SftpDriver driver;

    @BeforeAll
    static void startServer() throws IOException {
        server = SftpServer.start(
                "-o",
                "ForceCommand=internal-sftp -P posix-rename,hardlink,fsync,statvfs,limits",
                "-o",
                "RekeyLimit=4M");
    }

    @AfterAll
    static void stopServer() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void open() throws IOException {
        root = server.newRoot();
        driver = new SftpDriver(server.site(root));
    }

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void replacingLeavesTheNewObjectAlone() throws Exception {
        put("first, and longer", PutMode.REPLACE);
        put("second", PutMode.REPLACE);
        assertThat(read()).isEqualTo("second");
        assertThat(server.asUser("ls", "-A", root + "/" + SftpDriver.PARTS_FOLDER))
                .isEmpty();
    }

    @Test
    void threadsThatReplaceOneObjectDoNotMeetHalfWay() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> puts = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                puts.add(threads.submit(() -> {
                    put("whole", PutMode.REPLACE);
                    return KEY;
                }));
            }
            for (Future<?> each : puts) {
                each.get();
            }
        }
        assertThat(read()).isEqualTo("whole");
        assertThat(server.asUser("ls", "-A", root + "/" + SftpDriver.PARTS_FOLDER))
                .isEmpty();
    }

    @Test
    void ifAbsentNeverReplacesAndPromisesNothing() throws Exception {
        assertThat(driver.capabilities()).isEmpty();
        put("first", PutMode.IF_ABSENT);
        assertThatThrownBy(() -> put("second", PutMode.IF_ABSENT))
                .isInstanceOfSatisfying(
                        StorageException.Rejected.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.EXISTS));
        assertThat(read()).isEqualTo("first");
        assertThat(driver.list("", Optional.empty()).items()).hasSize(1);
    }

    @Test
    void newSessionKeysInTheMiddleOfAnObjectDoNoHarm() throws Exception {
        byte[] content = new byte[50_000_000];
        new Random(1).nextBytes(content);
        driver.put(KEY, Body.of(content), PutMode.REPLACE);
        try (InputStream in = driver.get(KEY, ByteRange.ALL).orElseThrow()) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
    }

    @Test
    void aFullDiskIsAFailureThatLeavesNothing() throws Exception {
        server.exec("chmod", "1777", "/full");
        try (SftpDriver full = new SftpDriver(server.site("/full"))) {
            assertThatThrownBy(() -> full.put(KEY, Body.of(new byte[40_000_000]), PutMode.REPLACE))
                    .isInstanceOf(StorageException.Rejected.class);
            assertThat(full.list("", Optional.empty()).items()).isEmpty();
            assertThat(server.exec("find", "/full", "-type", "f")).isEmpty();
        }
    }

    private void put(String text, PutMode mode) throws IOException {
        driver.put(KEY, Body.of(text.getBytes(UTF_8)), mode);
    }

    private String read() throws IOException {
        try (InputStream in = driver.get(KEY, ByteRange.ALL).orElseThrow()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
