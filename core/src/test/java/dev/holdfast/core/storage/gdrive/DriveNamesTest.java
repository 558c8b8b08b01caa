package dev.holdfast.core.storage.gdrive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.storage.Capability;
import dev.holdfast.core.storage.GoogleDriveRoot;
import dev.holdfast.core.storage.StorageDriver;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageException.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Names that are there twice, searches that are behind, folders that go away. */
class DriveNamesTest extends OverStandIn {
    DriveNamesTest() throws IOException {}

    private StandInFile seed(String folder, String name, String content) throws Refusal {
        return server.drive.create(
                name,
                "application/octet-stream",
                List.of(server.drive.named(folder).getFirst().id()),
                content.getBytes(UTF_8));
    }

    private static void rejected(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StorageException.Rejected.class,
                        e -> assertThat(e.reason()).isEqualTo(reason));
    }

    // ---- two files of one name

    @Test
    void ofTwoFilesTheOneThatWasMadeFirstHasTheName() throws Exception {
        put(host(), "a/other", "x");
        seed("a", "b", "first");
        seed("a", "b", "second");

        StorageDriver driver = host();
        assertThat(text(driver, "a/b")).isEqualTo("first");
        assertThat(driver.stat(key("a/b")).orElseThrow().bytes()).isEqualTo(5);
        assertThat(keys(driver)).containsExactly("a/b", "a/other");
        rejected(Reason.EXISTS, () -> putIfAbsent(driver, "a/b", "third"));
    }

    @Test
    void aPutReplacesTheFirstAndRemovesTheOthers() throws Exception {
        put(host(), "a/other", "x");
        StandInFile first = seed("a", "b", "first");
        seed("a", "b", "second");
        seed("a", "b", "third");

        StorageDriver driver = host();
        put(driver, "a/b", "new");
        assertThat(server.drive.only("b").id()).isEqualTo(first.id());
        assertThat(text(host(), "a/b")).isEqualTo("new");
    }

    @Test
    void aRemovalRemovesAll() throws Exception {
        put(host(), "a/other", "x");
        seed("a", "b", "first");
        seed("a", "b", "second");
        StorageDriver driver = host();
        driver.delete(key("a/b"));
        assertThat(server.drive.named("b")).isEmpty();
        assertThat(driver.stat(key("a/b"))).isEmpty();
    }

    @Test
    void twoMadeInTheSameMillisecondAreToldApartById() throws Exception {
        put(host(), "a/other", "x");
        StandInFile one = seed("a", "b", "one");
        StandInFile two = seed("a", "b", "two");
        server.drive.put(two.madeAt(one.created()));
        String expected = one.id().compareTo(two.id()) < 0 ? "one" : "two";
        assertThat(text(host(), "a/b")).isEqualTo(expected);
        assertThat(text(host(), "a/b")).isEqualTo(expected);
    }

    /** The other host makes its file between our look and our file. */
    @Test
    void aPutThatLostTheRaceReplacesTheWinnersContent() throws Exception {
        StorageDriver driver = host();
        put(driver, "a/other", "x");
        server.script.beforeNext("POST /upload/", () -> seed("a", "b", "theirs"));
        put(driver, "a/b", "ours");
        assertThat(new String(server.drive.only("b").content(), UTF_8)).isEqualTo("ours");
        assertThat(text(driver, "a/b")).isEqualTo("ours");
        assertThat(text(host(), "a/b")).isEqualTo("ours");
    }

    @Test
    void aPutIfAbsentThatLostTheRaceTakesItsFileBack() throws Exception {
        StorageDriver driver = host();
        put(driver, "a/other", "x");
        server.script.beforeNext("POST /upload/", () -> seed("a", "b", "theirs"));
        rejected(Reason.EXISTS, () -> putIfAbsent(driver, "a/b", "ours"));
        assertThat(new String(server.drive.only("b").content(), UTF_8)).isEqualTo("theirs");
        assertThat(text(driver, "a/b")).isEqualTo("theirs");
    }

    @Test
    void aPutThatWonTheRaceRemovesTheLoser() throws Exception {
        StorageDriver driver = host();
        put(driver, "a/other", "x");
        server.script.afterNext("POST /upload/", 1, () -> seed("a", "b", "theirs, a little later"));
        put(driver, "a/b", "ours");
        assertThat(new String(server.drive.only("b").content(), UTF_8)).isEqualTo("ours");
    }

    @RepeatedTest(15)
    void hostsThatPutAtOnceLeaveOneFileInOneFolder() throws Exception {
        List<StorageDriver> hosts = List.of(host(), host(), host(), host());
        List<Throwable> failures = together(hosts, (driver, i) -> put(driver, "new/folder/same", "from " + i));
        assertThat(failures).isEmpty();
        assertThat(keys(host())).containsExactly("new/folder/same");
        assertThat(server.drive.named("same")).hasSize(1);
        String content = text(host(), "new/folder/same");
        assertThat(content).matches("from [0-3]");
        for (StorageDriver driver : hosts) {
            assertThat(text(driver, "new/folder/same")).isEqualTo(content);
        }
    }

    @RepeatedTest(15)
    void ofHostsThatPutIfAbsentOneWinsWhenSearchesAreUpToDate() throws Exception {
        List<StorageDriver> hosts = List.of(host(), host(), host(), host());
        put(hosts.getFirst(), "a/other", "x");
        List<Integer> winners = Collections.synchronizedList(new ArrayList<>());
        List<Throwable> failures = together(hosts, (driver, i) -> {
            putIfAbsent(driver, "a/b", "from " + i);
            winners.add(i);
        });
        assertThat(failures).hasSize(3).allSatisfy(e -> assertThat(e).isInstanceOf(StorageException.Rejected.class));
        assertThat(text(host(), "a/b")).isEqualTo("from " + winners.getFirst());
        assertThat(hosts.getFirst().capabilities()).doesNotContain(Capability.IF_ABSENT);
    }

    /** One host's share of the work. */
    private interface Work {
        void run(StorageDriver driver, int number) throws Exception;
    }

    private static List<Throwable> together(List<StorageDriver> hosts, Work work) throws Exception {
        CyclicBarrier start = new CyclicBarrier(hosts.size());
        List<Throwable> failures = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(hosts.size())) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < hosts.size(); i++) {
                int number = i;
                running.add(threads.submit(() -> {
                    start.await();
                    work.run(hosts.get(number), number);
                    return number;
                }));
            }
            for (Future<?> each : running) {
                try {
                    each.get();
                } catch (java.util.concurrent.ExecutionException e) {
                    failures.add(e.getCause());
                }
            }
        }
        return failures;
    }

    // ---- names

    @Test
    void namesAreComparedExactlyThoughDriveDoesNot() throws Exception {
        StorageDriver driver = host();
        put(driver, "a/Name", "upper");
        put(driver, "a/name", "lower");
        put(driver, "a/it's", "quoted");
        assertThat(text(host(), "a/Name")).isEqualTo("upper");
        assertThat(text(host(), "a/name")).isEqualTo("lower");
        assertThat(text(host(), "a/it's")).isEqualTo("quoted");
        assertThat(host().stat(key("a/NAME"))).isEmpty();
    }

    @Test
    void whatThisHostPutIsSeenThoughSearchesAreBehind() throws Exception {
        StorageDriver driver = host();
        put(driver, "a/b", "1");
        server.drive.stopIndexing();
        put(driver, "a/new", "first");
        assertThat(driver.stat(key("a/new"))).isPresent();
        assertThat(text(driver, "a/new")).isEqualTo("first");
        rejected(Reason.EXISTS, () -> putIfAbsent(driver, "a/new", "second"));
        put(driver, "a/new", "second");
        assertThat(text(driver, "a/new")).isEqualTo("second");
        assertThat(server.drive.named("new")).hasSize(1);
        assertThat(keys(host())).containsExactly("a/b", "a/new");
        driver.delete(key("a/new"));
        assertThat(server.drive.named("new")).isEmpty();
        assertThat(driver.stat(key("a/new"))).isEmpty();
    }

    @Test
    void documentsAndWhatNoKeyCanNameAreNotListed() throws Exception {
        StorageDriver driver = host();
        put(driver, "a/b", "1");
        server.drive.create(
                "a document",
                "application/vnd.google-apps.document",
                List.of(server.drive.only("a").id()),
                new byte[0]);
        seed("a", "..", "x");
        assertThat(keys(driver)).containsExactly("a/b");
    }

    // ---- folders

    @Test
    void twoFoldersOfOneNameAreOne() throws Exception {
        StorageDriver driver = host();
        put(driver, "a/in-first", "1");
        String root = server.drive.only(ROOT).id();
        String second = server.drive
                .create("a", DriveEntry.FOLDER_TYPE, List.of(root), new byte[0])
                .id();
        server.drive.create("in-second", "application/octet-stream", List.of(second), new byte[] {'2'});

        StorageDriver other = host();
        assertThat(text(other, "a/in-second")).isEqualTo("2");
        assertThat(keys(other)).containsExactly("a/in-first", "a/in-second");
        put(other, "a/in-second", "new");
        assertThat(server.drive.only("in-second").parents()).containsExactly(second);
        assertThat(text(driver, "a/in-second"))
                .as("a host that knew one folder")
                .isEqualTo("new");
        server.drive.delete(second);
        put(other, "a/in-first", "replaced, though one of the folders is gone");
        assertThat(server.drive.named("in-first")).hasSize(1);
    }

    @Test
    void aFolderPutIntoTheTrashIsMadeAgain() throws Exception {
        StorageDriver driver = host();
        put(driver, "a/b/c", "1");
        server.drive.trash(server.drive.only("a").id());
        assertThat(driver.stat(key("a/b/c"))).isEmpty();
        assertThat(keys(driver)).isEmpty();

        put(driver, "a/b/d", "2");
        assertThat(text(driver, "a/b/d")).isEqualTo("2");
        assertThat(keys(host())).containsExactly("a/b/d");
        put(driver, "a/b/c", "3");
        assertThat(text(host(), "a/b/c")).isEqualTo("3");
    }

    @Test
    void aPutIntoAFolderThatWentAwayMeanwhileGoesIntoANewOne() throws Exception {
        StorageDriver driver = host();
        put(driver, "a/b/c", "1");
        server.drive.trash(server.drive.only("b").id());
        put(driver, "a/b/new", "2"); // nothing was looked for in between
        assertThat(keys(host())).containsExactly("a/b/new");
        server.drive.delete(server.drive.only("a").id());
        put(driver, "a/b/new", "3");
        assertThat(keys(host())).containsExactly("a/b/new");
        assertThat(text(host(), "a/b/new")).isEqualTo("3");
        server.script.beforeNext(
                "POST /upload/",
                () -> server.drive.delete(server.drive.only("a").id()));
        put(driver, "a/b/last", "4");
        assertThat(keys(host())).containsExactly("a/b/last");
        server.script.beforeNext(
                "POST /upload/",
                () -> server.drive.trash(server.drive.named("b").getLast().id()));
        put(driver, "a/b/very-last", "5");
        assertThat(keys(host())).containsExactly("a/b/very-last");
        assertThat(server.drive.named("very-last")).hasSize(1);
    }

    @Test
    void aFolderThatAnotherHostMadeAnewIsFound() throws Exception {
        StorageDriver driver = host();
        put(driver, "a/b", "1");
        server.drive.delete(server.drive.only("a").id());
        put(host(), "a/b", "2");
        assertThat(text(driver, "a/b")).isEqualTo("2");
        assertThat(driver.stat(key("a/b"))).isPresent();
    }

    // ---- the root

    @Test
    void aMissingRootIsNoEmptyStorageAndTheFirstPutMakesIt() throws Exception {
        StorageDriver driver = host();
        rejected(Reason.NO_ROOT, () -> keys(driver));
        rejected(Reason.NO_ROOT, () -> driver.stat(key("a")));
        rejected(Reason.NO_ROOT, () -> driver.delete(key("a")));
        put(driver, "a", "1");
        assertThat(keys(driver)).containsExactly("a");
        assertThat(server.drive.only(ROOT).parents()).containsExactly(StandInDrive.MY_DRIVE);
    }

    @Test
    void aRootThatWentAwayIsNotMadeAgain() throws Exception {
        StorageDriver driver = host();
        put(driver, "a/b", "1");
        server.drive.trash(server.drive.only(ROOT).id());
        rejected(Reason.NO_ROOT, () -> driver.stat(key("a/b")));
        rejected(Reason.NO_ROOT, () -> keys(driver));
        rejected(Reason.NO_ROOT, () -> put(driver, "a/b", "2"));
        rejected(Reason.NO_ROOT, () -> put(driver, "c", "2"));
        assertThat(server.drive.named(ROOT)).hasSize(1);
    }

    @Test
    void aRootCanBeAFolderByItsId() throws Exception {
        put(host(), "inner/x", "1");
        StorageDriver driver =
                host(new GoogleDriveRoot.Folder(server.drive.only("inner").id()));
        assertThat(keys(driver)).containsExactly("x");
        put(driver, "y/z", "2");
        assertThat(keys(host())).containsExactly("inner/x", "inner/y/z");
        rejected(
                Reason.NO_ROOT,
                () -> keys(
                        host(new GoogleDriveRoot.Folder(server.drive.only("x").id()))));
        rejected(Reason.NO_ROOT, () -> keys(host(new GoogleDriveRoot.Folder("nowhere"))));
        rejected(Reason.NO_ROOT, () -> put(host(new GoogleDriveRoot.Folder("nowhere")), "a", "1"));
    }

    @Test
    void anotherAppsFolderIsNotSeen() {
        String id = server.drive.foreignFolder(ROOT);
        rejected(Reason.NO_ROOT, () -> keys(host()));
        rejected(Reason.NO_ROOT, () -> keys(host(new GoogleDriveRoot.Folder(id))));
    }

    @Test
    void aSharedDriveIsARoot() throws Exception {
        StorageDriver driver = host(new GoogleDriveRoot.Folder(server.drive.sharedDrive("Team")));
        put(driver, "a/b", "1");
        put(driver, "a/b", "2");
        putIfAbsent(driver, "c", "3");
        assertThat(text(driver, "a/b")).isEqualTo("2");
        assertThat(keys(driver)).containsExactly("a/b", "c");
        driver.delete(key("a/b"));
        assertThat(keys(driver)).containsExactly("c");
        assertThat(driver.stat(key("c"))).isPresent();
    }
}
