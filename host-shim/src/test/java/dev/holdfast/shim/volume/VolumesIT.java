package dev.holdfast.shim.volume;

import static dev.holdfast.shim.testing.TestVolume.docker;
import static dev.holdfast.shim.testing.TestVolume.helpers;
import static dev.holdfast.shim.testing.TestVolume.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.source.BackupSource.Consistency;
import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.shim.docker.DockerEndpoint;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineException;
import dev.holdfast.shim.restore.RestoreFailedException;
import dev.holdfast.shim.restore.RestoreReport;
import dev.holdfast.shim.testing.Containers;
import dev.holdfast.shim.testing.TestVolume;
import dev.holdfast.shim.volume.VolumeSettings.Reach;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Volumes through a real engine: what comes back, what is refused, and that containers are left as they were found. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class VolumesIT {
    private static final String IMAGE = "holdfast-test/sshd:1";
    /** A service that ends when it is told to. */
    private static final String SERVICE = "trap 'exit 0' TERM; while :; do sleep 0.1; done";

    private static final String TREE = """
            set -e
            cd /data
            chmod 3770 . ; chown 12:34 .
            mkdir deep; echo one > deep/a; ln deep/a deep/b; ln -s ../nowhere deep/link; ln -s /etc/passwd absolute
            printf '#!/bin/sh\\n' > setuid; chown 1234:5678 setuid; chmod 6755 setuid; ln setuid setuid-again
            mkfifo fifo; mknod null c 1 3
            truncate -s 3M sparse; printf end >> sparse
            printf x > "$(printf 'not\\377utf8')"; mkdir "$(printf 'b\\303\\274cher')"; printf y > "$(printf 'b\\303\\274cher/\\351')"
            printf z > 'a name with "quotes" and
            a line end'
            : > empty; mkdir void
            long=$(printf '%0120d' 7); mkdir -p "$long/$long/$long"; echo deep > "$long/$long/$long/file"
            mkdir many
            perl -e 'for (1..5000) { open F, ">", "many/$_" or die; print F "file $_\\n" x ($_ % 7); close F }'
            chown 4000000000:4000000001 empty
            touch -h -d '1985-10-26 01:21:00' deep/link deep/a; touch -d '1970-01-02 00:00:01' empty; touch -d '2040-01-01 00:00:00' void
            """;

    /** Everything but the sizes of folders, and fractions of seconds. */
    private static final String LISTING = """
            cd /data
            export LC_ALL=C
            find . -type d -print0 | sort -z | xargs -0 stat -c '%N %f %u %g %Y %h'
            find . ! -type d -print0 | sort -z | xargs -0 stat -c '%N %f %u %g %Y %h %s %t,%T'
            find . -type f -print0 | sort -z | xargs -0 md5sum
            find . -samefile deep/a | sort; find . -samefile setuid | sort
            """;

    @TempDir
    private Path folder = Path.of("");

    private Engine engine;
    private TestVolume volume;
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    void connect() throws IOException {
        Containers.assumeImage(IMAGE);
        engine = Engine.connect(DockerEndpoint.of(System.getenv()));
    }

    @AfterAll
    void disconnect() throws IOException {
        if (engine != null) {
            engine.close();
        }
    }

    @BeforeEach
    void volume() throws Exception {
        volume = new TestVolume();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
        opened.clear();
        String helpers = helpers(volume.name());
        volume.close();
        assertThat(helpers).as("containers that were not removed").isEmpty();
        if (Files.isDirectory(journals())) {
            try (Stream<Path> left = Files.list(journals())) {
                assertThat(left).as("journals of runs that have ended").isEmpty();
            }
        }
    }

    private Path journals() {
        return folder.resolve("journals");
    }

    private Containers service(String... options) {
        List<String> all = new ArrayList<>(List.of("-v", volume.name() + ":/data", "--entrypoint", "sh"));
        all.addAll(Arrays.asList(options));
        Containers service = Containers.startWith(IMAGE, Map.of(), all, "-c", SERVICE);
        opened.add(service);
        return service;
    }

    private MemorySnapshot backup(Containers service, Quiet quiet) throws IOException {
        return MemorySnapshot.of(VolumesSource.ofContainer(engine, journals(), service.name(), settings(quiet)));
    }

    private static VolumeSettings settings(Quiet quiet) {
        return new VolumeSettings(
                Optional.of(quiet), VolumeSettings.Binds.LEFT_OUT, Optional.empty(), Optional.empty(), Reach.ENGINE);
    }

    private static Optional<HostHook> host(String command) {
        return Optional.of(new HostHook(command, HookLimit.DEFAULT));
    }

    private static String sh(Containers service, String script) {
        Containers.Output output = service.exec("sh", "-c", script);
        assertThat(output.code()).as(output.text()).isZero();
        return output.text();
    }

    @Test
    void allOfAVolumeComesBackIntoANewOne() throws Exception {
        Containers service = service();
        sh(service, TREE);
        String before = sh(service, LISTING);
        assertThat(before.lines().count()).isGreaterThan(10_000);
        MemorySnapshot snapshot = backup(service, Quiet.NONE);
        assertThat(snapshot.names()).containsExactly("volumes/" + volume.name() + ".tar");
        assertThat(snapshot.consistency()).isEqualTo(Consistency.CRASH);
        assertThat(snapshot.warnings()).isEmpty();
        SavedVolume saved = SavedVolume.all(snapshot.evidence()).getFirst();
        assertThat(saved.entries())
                .isEqualTo(Long.parseLong(
                        sh(service, "find /data -printf x | wc -c").strip()));

        service.close();
        opened.clear();
        volume.close();
        volume.make();
        Containers other = service();
        VolumesRestore restore = VolumesRestore.prepare(
                engine, journals(), Optional.of(other.name()), snapshot, VolumesRestore.Present.REFUSE, Reach.ENGINE);
        assertThat(restore.plan().getFirst()).contains("stop container " + other.name());
        RestoreReport report = restore.run();
        assertThat(report.warnings()).isEmpty();
        assertThat(report.folders().getFirst().entries()).isEqualTo(saved.entries());
        assertThat(state(other.name())).isEqualTo("running");
        assertThat(sh(other, LISTING)).isEqualTo(before);
    }

    @Test
    void aVolumeThatNobodyMountsIsReadAndMadeAgain() throws Exception {
        Containers service = service();
        sh(service, "echo kept > /data/file; touch -d '1969-07-20 20:17:40' /data/file");
        service.close();
        opened.clear();
        MemorySnapshot snapshot =
                MemorySnapshot.of(VolumesSource.ofVolume(engine, journals(), volume.name(), settings(Quiet.NONE)));
        volume.close();
        assertThatThrownBy(() -> VolumesSource.ofVolume(engine, journals(), volume.name(), settings(Quiet.NONE)))
                .isInstanceOf(EngineException.VolumeNotFound.class);
        VolumesRestore restore = VolumesRestore.prepare(
                engine, journals(), Optional.empty(), snapshot, VolumesRestore.Present.REFUSE, Reach.ENGINE);
        assertThat(restore.plan().getFirst()).startsWith("make volume " + volume.name());
        // the engine knows no time before 1970, and what it changes must be told
        assertThat(restore.run().warnings()).singleElement().asString().contains("not the same byte by byte");
        assertThat(sh(service(), "cat /data/file; stat -c %Y /data/file")).isEqualTo("kept\n0\n");
    }

    @Test
    void dataThatIsThereIsRefusedOrRemovedFirst() throws Exception {
        Containers service = service("-v", "/data2");
        sh(service, "cd /data; mkdir old; echo 1 > old/file; echo 1 > same");
        MemorySnapshot snapshot = backup(service, Quiet.NONE);
        assertThat(snapshot.names()).hasSizeGreaterThanOrEqualTo(2);
        sh(
                service,
                "cd /data; echo 2 > same; mkdir -p new/below; echo 2 > new/below/file; echo 2 > \"$(printf 'b\\377d')\"; mkfifo p; ln -s x l");
        String before = sh(service, "find /data | sort");
        VolumesRestore refused = VolumesRestore.prepare(
                engine, journals(), Optional.empty(), snapshot, VolumesRestore.Present.REFUSE, Reach.ENGINE);
        assertThat(refused.plan()).anyMatch(line -> line.contains("--empty-first"));
        assertThatThrownBy(refused::run)
                .isInstanceOf(RestoreFailedException.class)
                .hasMessageContaining("nothing was changed");
        assertThat(sh(service, "find /data | sort; cat /data/same")).isEqualTo(before + "2\n");

        VolumesRestore.prepare(
                        engine, journals(), Optional.empty(), snapshot, VolumesRestore.Present.REMOVE, Reach.ENGINE)
                .run();
        assertThat(sh(service, "find /data | sort; cat /data/same"))
                .isEqualTo("/data\n/data/old\n/data/old/file\n/data/same\n1\n");
    }

    @Test
    void aFileThatShrinksWhileItIsReadFailsTheDump() throws Exception {
        Containers service = service();
        sh(service, "cd /data; truncate -s 64M big; echo after > later");
        try (VolumesSource source =
                VolumesSource.ofContainer(engine, journals(), service.name(), settings(Quiet.NONE))) {
            InputStream in = source.next().orElseThrow().source().open();
            assertThat(in.readNBytes(1 << 20)).hasSize(1 << 20);
            sh(service, "truncate -s 100 /data/big");
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(DumpFailedException.class)
                    .hasMessageContaining(volume.name())
                    .hasMessageContaining("not whole");
            assertThatThrownBy(in::read).as("failed for good").isInstanceOf(DumpFailedException.class);
        }
    }

    @Test
    void pauseAndStopAreTakenBackAndOnlyWhatRanIsTouched() throws Exception {
        Containers service = service();
        for (Quiet quiet : List.of(Quiet.PAUSE, Quiet.STOP)) {
            try (VolumesSource source =
                    VolumesSource.ofContainer(engine, journals(), service.name(), settings(quiet))) {
                assertThat(state(service.name())).isEqualTo(quiet == Quiet.PAUSE ? "paused" : "exited");
                source.next().orElseThrow().source().open().readNBytes(10);
            }
            assertThat(state(service.name()))
                    .as("after a backup that was given up")
                    .isEqualTo("running");
            assertThat(backup(service, quiet).consistency())
                    .isEqualTo(quiet == Quiet.PAUSE ? Consistency.CRASH : Consistency.APPLICATION);
            assertThat(state(service.name())).isEqualTo("running");
        }
        docker("pause", service.name());
        backup(service, Quiet.PAUSE);
        assertThat(state(service.name())).isEqualTo("paused");
        docker("unpause", service.name());
        docker("stop", service.name());
        backup(service, Quiet.STOP);
        backup(service, Quiet.PAUSE);
        assertThat(state(service.name())).isEqualTo("exited");
    }

    @Test
    void aLabelSaysHowAndTheOthersThatWriteAreNamed() throws Exception {
        Containers service = service("--label", Quiet.LABEL + "=pause");
        try (VolumesSource source =
                VolumesSource.ofContainer(engine, journals(), service.name(), VolumeSettings.byLabels())) {
            assertThat(state(service.name())).isEqualTo("paused");
            assertThat(source.warnings()).isEmpty();
        }
        Containers other = service();
        MemorySnapshot snapshot = backup(service, Quiet.STOP);
        assertThat(snapshot.consistency()).isEqualTo(Consistency.CRASH);
        assertThat(snapshot.warnings()).singleElement().asString().contains(other.name());
        Containers fleeting = service("--rm");
        assertThatThrownBy(() -> backup(fleeting, Quiet.STOP)).hasMessageContaining("--rm");
        assertThat(state(fleeting.name())).isEqualTo("running");
        Containers mistaken = service("--label", Quiet.LABEL + "=later");
        assertThatThrownBy(
                        () -> VolumesSource.ofContainer(engine, journals(), mistaken.name(), VolumeSettings.byLabels()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none, pause, stop");
    }

    @Test
    void hooksRunInOrderAndTheLastOneAlsoAfterAFailure() throws Exception {
        Containers service = service(
                "--label", "holdfast.pre=echo pre >> /tmp/said; echo state > /data/state; test ! -e /tmp/broken",
                "--label", "holdfast.post=echo post >> /tmp/said");
        VolumeSettings settings = new VolumeSettings(
                Optional.of(Quiet.PAUSE),
                VolumeSettings.Binds.LEFT_OUT,
                host("docker inspect --format '{{.State.Status}}' " + service.name() + " > " + folder + "/before"),
                host("docker inspect --format '{{.State.Status}}' " + service.name() + " > " + folder + "/after"),
                Reach.BEST);
        MemorySnapshot snapshot =
                MemorySnapshot.of(VolumesSource.ofContainer(engine, journals(), service.name(), settings));
        assertThat(snapshot.warnings()).isEmpty();
        assertThat(sh(service, "cat /tmp/said")).isEqualTo("pre\npost\n");
        assertThat(Files.readString(folder.resolve("before"))).isEqualTo("paused\n");
        assertThat(Files.readString(folder.resolve("after"))).isEqualTo("paused\n");
        assertThat(SavedVolume.all(snapshot.evidence()).getFirst().entries())
                .as("the folder, and what the first hook wrote")
                .isEqualTo(2);

        try (VolumesSource given = VolumesSource.ofContainer(engine, journals(), service.name(), settings)) {
            given.next().orElseThrow().source().open().close();
        }
        assertThat(sh(service, "cat /tmp/said")).isEqualTo("pre\npost\npre\npost\n");

        sh(service, "touch /tmp/broken");
        assertThatThrownBy(() -> backup(service, Quiet.PAUSE))
                .isInstanceOf(DumpFailedException.class)
                .hasMessageContaining("holdfast.pre");
        assertThat(state(service.name())).isEqualTo("running");
        assertThat(sh(service, "cat /tmp/said")).isEqualTo("pre\npost\npre\npost\npre\npost\n");
    }

    @Test
    void aHookThatHangsIsEndedAndTheBackupFails() throws Exception {
        Containers service = service(
                "--label", "holdfast.pre=sleep 10000",
                "--label", "holdfast.post=echo post >> /tmp/said; sleep 10000",
                "--label", "holdfast.hook-timeout=2s");
        assertThatThrownBy(() -> backup(service, Quiet.PAUSE))
                .isInstanceOf(DumpFailedException.class)
                .hasMessageContaining("holdfast.pre")
                .hasMessageContaining("did not end within 2 s and was ended");
        assertThat(sh(service, "cat /tmp/said; grep -lz '^10000$' /proc/[0-9]*/cmdline 2>/dev/null | wc -l"))
                .as("the second hook ran, and nothing of either is left")
                .isEqualTo("post\n0\n");
        assertThat(state(service.name())).isEqualTo("running");

        VolumeSettings hanging = new VolumeSettings(
                Optional.of(Quiet.NONE),
                VolumeSettings.Binds.LEFT_OUT,
                Optional.empty(),
                Optional.of(new HostHook("sleep 10000", Duration.ofSeconds(1))),
                Reach.ENGINE);
        Containers plain = service();
        MemorySnapshot snapshot =
                MemorySnapshot.of(VolumesSource.ofContainer(engine, journals(), plain.name(), hanging));
        assertThat(snapshot.warnings()).singleElement().asString().contains("hook on the host did not end within 1 s");
        Containers mistaken = service("--label", "holdfast.hook-timeout=soon");
        assertThatThrownBy(() -> backup(mistaken, Quiet.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("soon");
    }

    @Test
    void foldersOfTheHostComeAlongWhenAsked() throws Exception {
        Path bind = Files.createDirectory(folder.resolve("bind"));
        Files.writeString(bind.resolve("file"), "of the host");
        Path single = Files.writeString(folder.resolve("single"), "one file");
        Containers service = service("-v", bind + ":/etc/app:ro", "-v", single + ":/etc/single:ro");
        VolumeSettings settings = new VolumeSettings(
                Optional.of(Quiet.NONE),
                VolumeSettings.Binds.INCLUDED,
                Optional.empty(),
                Optional.empty(),
                Reach.ENGINE);
        MemorySnapshot snapshot =
                MemorySnapshot.of(VolumesSource.ofContainer(engine, journals(), service.name(), settings));
        assertThat(snapshot.names()).contains("binds/etc/app.tar", "binds/etc/single.tar");
        assertThat(SavedVolume.all(snapshot.evidence()))
                .anyMatch(saved -> saved.destination().equals("/etc/single") && saved.contentBytes() == 8);
        Containers writable = service("-v", bind + ":/etc/app", "-v", single + ":/etc/single");
        Files.writeString(bind.resolve("file"), "changed");
        RestoreReport report = VolumesRestore.prepare(
                        engine,
                        journals(),
                        Optional.of(writable.name()),
                        snapshot,
                        VolumesRestore.Present.REMOVE,
                        Reach.ENGINE)
                .run();
        assertThat(report.warnings()).singleElement().asString().contains(single.toString(), "dump --stream");
        assertThat(report.folders()).hasSize(2);
        assertThat(sh(writable, "cat /etc/app/file")).isEqualTo("of the host");
    }
}
