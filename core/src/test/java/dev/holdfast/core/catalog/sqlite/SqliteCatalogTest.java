package dev.holdfast.core.catalog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.catalog.CatalogContract;
import dev.holdfast.core.catalog.CatalogUnreadableException;
import dev.holdfast.core.catalog.Lease;
import dev.holdfast.core.catalog.LeaseHeldException;
import dev.holdfast.core.catalog.Liveness;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.model.SourceName;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.JDBC;

class SqliteCatalogTest extends CatalogContract {
    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("state/deep/catalog.db");
    }

    @Override
    protected Catalog open(Clock clock, Liveness liveness) throws IOException {
        return SqliteCatalog.open(file(), clock, liveness);
    }

    @Test
    void onlyTheOwnerMayReadIt() throws IOException {
        for (String name : List.of("catalog.db", "catalog.db-wal", "catalog.db-shm")) {
            assertThat(mode(file().resolveSibling(name))).as(name).isEqualTo("rw-------");
        }
        assertThat(mode(folder.resolve("state/deep"))).isEqualTo("rwx------");
        assertThat(mode(folder.resolve("state"))).isEqualTo("rwx------");
    }

    @Test
    void aNewerSchemaIsRefused() throws Exception {
        Path newer = folder.resolve("newer.db");
        SqliteCatalog.open(newer, clock, Liveness.UNKNOWN).close();
        execute(newer, "PRAGMA user_version = 7");
        byte[] before = Files.readAllBytes(newer);
        assertThatThrownBy(() -> SqliteCatalog.open(newer, clock, Liveness.UNKNOWN))
                .isInstanceOf(CatalogUnreadableException.class)
                .hasMessageContaining("has schema version 7, this program knows up to 2");
        assertThat(Files.readAllBytes(newer)).isEqualTo(before);
    }

    @Test
    void aCatalogOfTheFirstVersionIsBroughtUpToDate() throws Exception {
        Path old = folder.resolve("old.db");
        execute(old, """
                CREATE TABLE backup (
                  number INTEGER PRIMARY KEY, run TEXT NOT NULL UNIQUE, repository TEXT NOT NULL, source TEXT NOT NULL,
                  status TEXT NOT NULL, created INTEGER NOT NULL, started INTEGER, finished INTEGER,
                  bytes_read INTEGER NOT NULL, bytes_stored INTEGER NOT NULL, snapshot TEXT, error TEXT
                ) STRICT""");
        execute(
                old,
                "CREATE TABLE lease (resource TEXT PRIMARY KEY, owner TEXT, token INTEGER NOT NULL,"
                        + " expires INTEGER NOT NULL) STRICT, WITHOUT ROWID");
        execute(
                old,
                "INSERT INTO backup (run, repository, source, status, created, bytes_read, bytes_stored) VALUES ('"
                        + "0a".repeat(16) + "', '" + "0b".repeat(16) + "', 'shop', 'PENDING', 5, 0, 0)");
        execute(old, "PRAGMA application_id = " + CatalogFile.APPLICATION);
        execute(old, "PRAGMA user_version = 1");
        try (Catalog catalog = SqliteCatalog.open(old, clock, Liveness.UNKNOWN)) {
            assertThat(catalog.unfinished()).singleElement().satisfies(one -> {
                assertThat(one.source()).isEqualTo(new SourceName("shop"));
                assertThat(one.plan()).isEmpty();
            });
            assertThat(catalog.lastDue("nightly")).isEmpty();
        }
    }

    @Test
    void anotherApplicationsDatabaseIsRefused() throws Exception {
        Path other = folder.resolve("other.db");
        execute(other, "CREATE TABLE t (a)");
        byte[] before = Files.readAllBytes(other);
        assertThatThrownBy(() -> SqliteCatalog.open(other, clock, Liveness.UNKNOWN))
                .isInstanceOf(CatalogUnreadableException.class)
                .hasMessageContaining("another application");
        assertThat(Files.readAllBytes(other)).isEqualTo(before);
    }

    @Test
    void whatIsNoSqliteFileIsLeftAlone() throws IOException {
        Path text = folder.resolve("notes.txt");
        Files.writeString(text, "not a catalog");
        assertThatThrownBy(() -> SqliteCatalog.open(text, clock, Liveness.UNKNOWN))
                .isInstanceOf(CatalogUnreadableException.class)
                .hasMessageContaining("no SQLite file");
        assertThat(Files.readString(text)).isEqualTo("not a catalog");
        assertThatThrownBy(() -> SqliteCatalog.open(folder, clock, Liveness.UNKNOWN))
                .isInstanceOf(CatalogUnreadableException.class);
    }

    @Test
    void aDamagedFileIsSaidToBeDamaged() throws IOException {
        Path damaged = folder.resolve("damaged.db");
        try (Catalog catalog = SqliteCatalog.open(damaged, clock, Liveness.UNKNOWN)) {
            catalog.create(new RunId("01".repeat(16)), new RepositoryId("02".repeat(16)), new SourceName("a"));
        }
        try (RandomAccessFile bytes = new RandomAccessFile(damaged.toFile(), "rw")) {
            bytes.seek(100); // the schema's page: everything after the file header
            bytes.write(new byte[2000]);
        }
        byte[] before = Files.readAllBytes(damaged);
        assertThatThrownBy(() -> SqliteCatalog.open(damaged, clock, Liveness.UNKNOWN))
                .isInstanceOf(CatalogUnreadableException.class)
                .hasMessageContaining("is damaged");
        assertThat(Files.readAllBytes(damaged)).isEqualTo(before);
    }

    @Test
    void connectionsThatMeetOnANewFileAllOpenIt() throws Exception {
        for (int round = 0; round < 30; round++) {
            Path fresh = folder.resolve("fresh-" + round + "/catalog.db");
            CyclicBarrier together = new CyclicBarrier(4);
            try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
                List<Future<?>> opened = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    opened.add(threads.submit(() -> {
                        together.await();
                        SqliteCatalog.open(fresh, clock, Liveness.UNKNOWN).close();
                        return null;
                    }));
                }
                for (Future<?> one : opened) {
                    one.get();
                }
            }
        }
    }

    @Test
    void processesThatHammerOneLeaseNeverHoldItTogether() throws Exception {
        Path shared = folder.resolve("hammer/catalog.db"); // made by whichever process comes first
        int processes = 3;
        int rounds = 60;
        List<Process> children = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            children.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Hammer.class.getName(),
                            shared.toString(),
                            folder.resolve("exclusive").toString(),
                            "process-" + i,
                            Integer.toString(rounds))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("out-" + i).toFile())
                    .start());
        }
        List<Long> tokens = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            int code = children.get(i).waitFor();
            String out = Files.readString(folder.resolve("out-" + i));
            assertThat(code).as(out).isZero();
            List<Long> own = out.lines().map(Long::valueOf).toList();
            assertThat(own).isSorted().hasSize(rounds * Hammer.THREADS);
            tokens.addAll(own);
        }
        long expected = (long) processes * rounds * Hammer.THREADS;
        assertThat(tokens)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, expected).boxed().toList());
    }

    /** Takes and gives back one lease from two threads; a file that only one holder may create shows any overlap. */
    static final class Hammer {
        static final int THREADS = 2;

        private Hammer() {}

        public static void main(String[] arguments) throws Exception {
            List<Long> tokens = Collections.synchronizedList(new ArrayList<>());
            List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                String owner = arguments[2] + "-" + i;
                threads.add(Thread.ofPlatform().start(() -> {
                    try (Catalog catalog =
                            SqliteCatalog.open(Path.of(arguments[0]), Clock.systemUTC(), Liveness.UNKNOWN)) {
                        for (int round = 0; round < Integer.parseInt(arguments[3]); round++) {
                            tokens.add(once(catalog, Path.of(arguments[1]), owner));
                        }
                    } catch (Exception e) {
                        failures.add(e);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            failures.forEach(Throwable::printStackTrace);
            tokens.forEach(System.out::println);
            System.exit(failures.isEmpty() ? 0 : 1);
        }

        private static long once(Catalog catalog, Path exclusive, String owner) throws Exception {
            while (true) {
                Lease lease;
                try {
                    lease = catalog.acquire("r", owner, Duration.ofMinutes(5));
                } catch (LeaseHeldException held) {
                    Thread.sleep(1);
                    continue;
                }
                Files.createFile(exclusive);
                catalog.verify(lease);
                Files.delete(exclusive);
                catalog.release(lease);
                return lease.fencingToken();
            }
        }
    }

    private static void execute(Path file, String sql) throws SQLException {
        try (Connection connection = JDBC.createConnection("jdbc:sqlite:" + file, new Properties());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
