package dev.holdfast.core.storage.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.Capability;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.StorageContract;
import dev.holdfast.core.storage.StorageDriver;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDriverTest extends StorageContract {
    @TempDir
    Path root;

    @TempDir
    Path elsewhere;

    @Override
    protected StorageDriver open() throws IOException {
        return new LocalDriver(root);
    }

    @Test
    void objectsArePlainFilesAndPartsAreGone() throws Exception {
        put("a/b", "content");
        assertThatThrownBy(() -> driver().put(key("a/c"), new Streamed(new byte[3], 4), PutMode.REPLACE))
                .isInstanceOf(StorageException.Corrupt.class);

        assertThat(root.resolve("a/b")).hasContent("content");
        assertThat(files(root.resolve(LocalFolders.PARTS))).isEmpty();
        assertThat(driver().capabilities()).containsExactly(Capability.IF_ABSENT);
    }

    @Test
    void aMissingRootIsNeverMade() {
        Path missing = root.resolve("missing");
        rejected(Reason.NO_ROOT, () -> new LocalDriver(missing));
        assertThat(missing).doesNotExist();
    }

    @Test
    void aFileIsNoRoot() throws Exception {
        rejected(Reason.NO_ROOT, () -> new LocalDriver(Files.createFile(root.resolve("file"))));
    }

    @Test
    void aRootThatWentAwayIsNeitherFilledNorTakenForEmpty() throws Exception {
        Path disk = Files.createDirectory(root.resolve("disk"));
        try (LocalDriver driver = new LocalDriver(disk)) {
            driver.put(key("a/b"), Body.of(new byte[1]), PutMode.REPLACE);
            Files.move(disk, root.resolve("unplugged"));
            everyVerbSaysNoRoot(driver);
            assertThat(disk).doesNotExist();

            Files.createDirectory(disk); // what an unmounted disk leaves behind
            everyVerbSaysNoRoot(driver);
            assertThat(files(disk)).isEmpty();
        }
    }

    private static void everyVerbSaysNoRoot(LocalDriver driver) {
        rejected(Reason.NO_ROOT, () -> driver.put(key("a/b"), Body.of(new byte[1]), PutMode.REPLACE));
        rejected(Reason.NO_ROOT, () -> driver.put(key("new"), Body.of(new byte[1]), PutMode.IF_ABSENT));
        rejected(Reason.NO_ROOT, () -> driver.get(key("a/b"), ByteRange.ALL));
        rejected(Reason.NO_ROOT, () -> driver.get(key("top"), ByteRange.ALL));
        rejected(Reason.NO_ROOT, () -> driver.stat(key("a/b")));
        rejected(Reason.NO_ROOT, () -> driver.list("", Optional.empty()));
        rejected(Reason.NO_ROOT, () -> driver.list("a/b", Optional.empty()));
        rejected(Reason.NO_ROOT, () -> driver.delete(key("a/b")));
    }

    @Test
    void linksAreNotFollowed() throws Exception {
        Files.writeString(elsewhere.resolve("secret"), "outside");
        put("real/file", "inside");
        Files.createSymbolicLink(root.resolve("folder"), elsewhere);
        Files.createSymbolicLink(root.resolve("real/link"), elsewhere.resolve("secret"));

        assertThat(driver().get(key("real/link"), ByteRange.ALL)).isEmpty();
        assertThat(driver().stat(key("real/link"))).isEmpty();
        rejected(Reason.INVALID, () -> driver().get(key("folder/secret"), ByteRange.ALL));
        rejected(Reason.INVALID, () -> driver().stat(key("folder/secret")));
        rejected(Reason.INVALID, () -> driver().delete(key("folder/secret")));
        rejected(Reason.INVALID, () -> driver().put(key("folder/new"), Body.of(new byte[1]), PutMode.REPLACE));
        assertThat(keys("")).containsExactly("real/file");
        assertThat(keys("real/l")).isEmpty();

        put("real/link", "replaces the link, not what it points to");
        assertThat(elsewhere.resolve("secret")).hasContent("outside");
        assertThat(files(elsewhere)).containsExactly("secret");
    }

    @Test
    void prefixesCannotLeaveTheRoot() throws Exception {
        put("a/b", "x");
        for (String prefix : List.of("../", "/", "a/../", "a//", "./", "/etc/", "a/./b", LocalFolders.PARTS + "/")) {
            assertThat(keys(prefix)).as(prefix).isEmpty();
        }
    }

    @Test
    void theFolderOfPartsHoldsNoObjects() throws Exception {
        Files.writeString(root.resolve(LocalFolders.PARTS).resolve("in-flight"), "half");
        rejected(
                Reason.INVALID,
                () -> driver().put(key(LocalFolders.PARTS + "/in-flight"), Body.of(new byte[1]), PutMode.REPLACE));
        assertThat(driver().get(key(LocalFolders.PARTS + "/in-flight"), ByteRange.ALL))
                .isEmpty();
        driver().delete(key(LocalFolders.PARTS + "/in-flight"));
        assertThat(keys("")).isEmpty();
        assertThat(files(root.resolve(LocalFolders.PARTS))).containsExactly("in-flight");
    }

    @Test
    void partsOfKilledProcessesAreSweptByAge() throws Exception {
        Path parts = root.resolve(LocalFolders.PARTS);
        Instant now = Instant.parse("2026-03-01T12:00:00Z");
        for (String name : List.of("stale", "young")) {
            Files.writeString(parts.resolve(name), "half");
        }
        Files.setLastModifiedTime(parts.resolve("stale"), FileTime.from(now.minus(Duration.ofHours(25))));
        Files.setLastModifiedTime(parts.resolve("young"), FileTime.from(now.minus(Duration.ofHours(23))));

        new LocalDriver(root, Clock.fixed(now, ZoneOffset.UTC)).close();
        assertThat(files(parts)).containsExactly("young");
    }

    @Test
    void strangersInTheRootAreLeftOut() throws Exception {
        put("a/b", "x");
        Files.createDirectories(root.resolve("lost+found/deep"));
        Files.writeString(root.resolve("a/back\\slash"), "no key can name it");
        assertThat(keys("")).containsExactly("a/b");
    }

    @Test
    void aStreamStaysTheObjectThatWasOpened() throws Exception {
        byte[] old = random(3_000_000, 1);
        driver().put(key("a"), Body.of(old), PutMode.REPLACE);
        try (InputStream in = driver().get(key("a"), ByteRange.ALL).orElseThrow()) {
            byte[] start = in.readNBytes(1_000_000);
            driver().put(key("a"), Body.of(random(2_000_000, 2)), PutMode.REPLACE);
            driver().delete(key("a"));
            byte[] rest = in.readAllBytes();
            assertThat(start.length + rest.length).isEqualTo(old.length);
            assertThat(rest[rest.length - 1]).isEqualTo(old[old.length - 1]);
        }
    }

    @Test
    void aFileCutShortWhileReadIsCorrupt() throws Exception {
        driver().put(key("a"), Body.of(random(3_000_000, 1)), PutMode.REPLACE);
        try (InputStream in = driver().get(key("a"), ByteRange.ALL).orElseThrow()) {
            in.readNBytes(10);
            Files.write(root.resolve("a"), new byte[500]);
            assertThatThrownBy(in::readAllBytes).isInstanceOf(StorageException.Corrupt.class);
        }
    }

    @Test
    void aFullDiskIsSaidAndThePartRemoved() throws Exception {
        try (Disk disk = Disk.mount(elsewhere, "size=4m");
                LocalDriver driver = new LocalDriver(disk.folder())) {
            driver.put(key("old"), Body.of(random(1_000_000, 1)), PutMode.REPLACE);
            rejected(Reason.FULL, () -> driver.put(key("old"), Body.of(random(9_000_000, 2)), PutMode.REPLACE));
            rejected(
                    Reason.FULL,
                    () -> driver.put(key("new"), new Streamed(random(9_000_000, 2), 9_000_000), PutMode.IF_ABSENT));

            assertThat(files(disk.folder().resolve(LocalFolders.PARTS))).isEmpty();
            assertThat(driver.stat(key("old")).orElseThrow().bytes()).isEqualTo(1_000_000);
            assertThat(driver.stat(key("new"))).isEmpty();
            driver.put(key("fits"), Body.of(random(2_000_000, 2)), PutMode.REPLACE);
        }
    }

    @Test
    void aDiskOutOfInodesIsFull() throws Exception {
        try (Disk disk = Disk.mount(elsewhere, "size=4m,nr_inodes=6");
                LocalDriver driver = new LocalDriver(disk.folder())) {
            rejected(Reason.FULL, () -> {
                for (int i = 0; i < 10; i++) {
                    driver.put(key("folder" + i + "/o"), Body.of(new byte[1]), PutMode.REPLACE);
                }
            });
        }
    }

    @Test
    void aReadOnlyDiskCanBeReadAndDeniesTheRest() throws Exception {
        try (Disk disk = Disk.mount(elsewhere, "size=4m")) {
            try (LocalDriver driver = new LocalDriver(disk.folder())) {
                driver.put(key("a/old"), Body.of("old".getBytes(UTF_8)), PutMode.REPLACE);
                disk.remount("ro");
                denies(driver);
            }
            try (LocalDriver driver = new LocalDriver(disk.folder())) {
                denies(driver);
                try (InputStream in = driver.get(key("a/old"), ByteRange.ALL).orElseThrow()) {
                    assertThat(in).hasContent("old");
                }
                assertThat(driver.list("", Optional.empty()).items()).hasSize(1);
            }
        }
    }

    private static void denies(LocalDriver driver) {
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> driver.put(key("a/old"), Body.of(new byte[1]), PutMode.REPLACE),
                () -> driver.put(key("b/new"), Body.of(new byte[1]), PutMode.IF_ABSENT),
                () -> driver.delete(key("a/old")))) {
            assertThatThrownBy(call).isInstanceOf(StorageException.Denied.class).hasMessageContaining("mount");
        }
    }

    @Test
    void aDiskMountedOverTheRootIsNoticed() throws Exception {
        Path folder = Files.createDirectory(elsewhere.resolve("mnt"));
        try (LocalDriver driver = new LocalDriver(folder)) {
            driver.put(key("a/b"), Body.of(new byte[1]), PutMode.REPLACE);
            try (Disk over = Disk.mount(folder, "size=1m")) {
                everyVerbSaysNoRoot(driver);
                assertThat(files(over.folder())).isEmpty();
            }
            assertThat(driver.stat(key("a/b"))).isPresent();
        }
    }

    @Test
    void aFolderOnAnotherFileSystemIsInvalid() throws Exception {
        Path folder = Files.createDirectory(root.resolve("other"));
        try (Disk disk = Disk.mount(folder, "size=1m")) {
            rejected(Reason.INVALID, () -> put("other/o", "x"));
            assertThat(files(disk.folder())).isEmpty();
        }
    }

    private static void rejected(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StorageException.Rejected.class,
                        e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> String.valueOf(path.getFileName())).sorted().toList();
        }
    }

    /** A small file system in memory, mounted for one test. */
    private record Disk(Path folder) implements AutoCloseable {
        static Disk mount(Path folder, String options) throws IOException {
            int code = run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString());
            assumeTrue(code == 0, "a small tmpfs cannot be mounted here (root with CAP_SYS_ADMIN is needed)");
            return new Disk(folder);
        }

        void remount(String options) throws IOException {
            assertThat(run("mount", "-o", "remount," + options, folder.toString()))
                    .isZero();
        }

        @Override
        public void close() throws IOException {
            assertThat(run("umount", folder.toString())).isZero();
        }

        private static int run(String... command) throws IOException {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .onExit()
                    .join()
                    .exitValue();
        }
    }
}
