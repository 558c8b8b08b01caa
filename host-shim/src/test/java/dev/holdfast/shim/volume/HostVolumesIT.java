package dev.holdfast.shim.volume;

import static dev.holdfast.shim.testing.TestVolume.docker;
import static dev.holdfast.shim.testing.TestVolume.helpers;
import static dev.holdfast.shim.testing.TestVolume.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.core.source.files.HostRights;
import dev.holdfast.shim.docker.DockerEndpoint;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.MountPoint;
import dev.holdfast.shim.docker.MountPoint.Access;
import dev.holdfast.shim.docker.VolumeAccess;
import dev.holdfast.shim.restore.PathNotFoundException;
import dev.holdfast.shim.restore.RestoreReport;
import dev.holdfast.shim.testing.Containers;
import dev.holdfast.shim.testing.TestVolume;
import dev.holdfast.shim.volume.VolumeSettings.Reach;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Volumes as folders of this host: only where that is proved, keeping more, and each way restores what the other saved. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class HostVolumesIT {
    private static final String IMAGE = "holdfast-test/sshd:1";
    private static final String SERVICE = "trap 'exit 0' TERM; while :; do sleep 0.1; done";

    private static final String TREE = """
            set -e
            cd /data
            chmod 3770 . ; chown 12:34 .
            mkdir deep; echo one > deep/a; ln deep/a deep/b; ln deep/a again; ln -s ../nowhere deep/link
            printf '#!/bin/sh\\n' > setuid; chown 1234:5678 setuid; chmod 6755 setuid; mkfifo fifo; mknod null c 1 3
            truncate -s 30M sparse; printf end >> sparse; printf x > "$(printf 'not\\377utf8')"; : > empty; mkdir void
            perl -e 'use Socket; socket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un("socket"))'
            mkdir many; perl -e 'for (1..500) { open F, ">", "many/$_" or die; print F "file $_\\n" x ($_ % 7); close F }'
            chown 4000000000:4000000001 empty
            touch -h -d '1985-10-26 01:21:00.123456789' deep/link deep/a; touch -d '1969-07-20 20:17:40.5' empty; touch -d '2040-01-01 00:00:00.25' void
            """;

    /** With fractions of seconds, which only a folder of the host keeps. */
    private static final String LISTING = """
            cd /data
            export LC_ALL=C
            find . -type d -print0 | sort -z | xargs -0 stat -c '%N %f %u %g %y %h'
            find . ! -type d ! -type s -print0 | sort -z | xargs -0 stat -c '%N %f %u %g %y %h %s %t,%T'
            find . -type f -print0 | sort -z | xargs -0 md5sum
            find . -samefile deep/a | sort
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
        assumeTrue(HostRights.areRoots(), "volumes can be read as folders by root only");
        assumeTrue(
                Files.isDirectory(Path.of(mountpoint(), "..", "..", "..", "containers")),
                "the engine's folders are not those of this host");
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

    private String mountpoint() throws IOException {
        return docker("volume", "inspect", "--format", "{{.Mountpoint}}", volume.name())
                .strip();
    }

    private Containers service(String... options) {
        List<String> all = new ArrayList<>(List.of("-v", volume.name() + ":/data", "--entrypoint", "sh"));
        all.addAll(List.of(options));
        Containers service = Containers.startWith(IMAGE, Map.of(), all, "-c", SERVICE);
        opened.add(service);
        return service;
    }

    private static String sh(Containers service, String script) {
        Containers.Output output = service.exec("sh", "-c", script);
        assertThat(output.code()).as(output.text()).isZero();
        return output.text();
    }

    private MemorySnapshot backup(Containers service, Quiet quiet, Reach reach) throws IOException {
        return MemorySnapshot.of(VolumesSource.ofContainer(
                engine,
                journals(),
                service.name(),
                new VolumeSettings(
                        Optional.of(quiet), VolumeSettings.Binds.LEFT_OUT, Optional.empty(), Optional.empty(), reach)));
    }

    private static SavedVolume saved(MemorySnapshot snapshot) throws IOException {
        return SavedVolume.all(snapshot.evidence()).getFirst();
    }

    private RestoreReport restore(MemorySnapshot snapshot, Reach reach) throws IOException {
        return VolumesRestore.prepare(
                        engine, journals(), Optional.empty(), snapshot, VolumesRestore.Present.REMOVE, reach)
                .run();
    }

    private VolumePathsRestore paths(MemorySnapshot snapshot, Reach reach, String... paths) throws IOException {
        return VolumePathsRestore.prepare(
                engine, journals(), Optional.empty(), snapshot, List.of(paths), VolumePathsRestore.Users.STOP, reach);
    }

    @Test
    void allComesBackAndMoreThanTheEngineKeeps() throws Exception {
        Containers service = service();
        sh(service, TREE);
        Files.setAttribute(Path.of(mountpoint(), "setuid"), "user:kind", "value".getBytes(StandardCharsets.UTF_8));
        String before = sh(service, LISTING);
        MemorySnapshot snapshot = backup(service, Quiet.NONE, Reach.BEST);
        assertThat(snapshot.warnings()).isEmpty();
        assertThat(saved(snapshot).way()).isEqualTo(Way.HOST);
        assertThat(snapshot.evidence().toString()).contains("way=host", "socket={", "count=1", "sockets, the flags");
        assertThat(snapshot.streams().values()).allMatch(tar -> tar.length < 10_000_000, "holes are not read");
        sh(service, "rm -rf /data/deep /data/many/1*; echo later > /data/later; chmod 700 /data");

        RestoreReport report = restore(snapshot, Reach.BEST);
        assertThat(report.warnings()).isEmpty();
        assertThat(state(service.name())).isEqualTo("running");
        assertThat(sh(service, LISTING)).isEqualTo(before);
        assertThat((byte[]) Files.getAttribute(Path.of(mountpoint(), "setuid"), "user:kind"))
                .isEqualTo("value".getBytes(StandardCharsets.UTF_8));
        assertThat(Long.parseLong(sh(service, "du -k /data/sparse | cut -f1").strip()))
                .as("kilobytes on disk of a file with holes")
                .isLessThan(1000);
    }

    @ParameterizedTest
    @CsvSource({"BEST,ENGINE", "ENGINE,BEST"})
    void eachWayRestoresWhatTheOtherSaved(Reach out, Reach in) throws Exception {
        Containers service = service();
        sh(service, TREE + "touch -d '1971-01-01 00:00:00' empty");
        String coarse = LISTING.replace("%y", "%Y");
        String before = sh(service, coarse);
        MemorySnapshot snapshot = backup(service, Quiet.STOP, out);
        sh(service, "rm -rf /data/*; echo later > /data/later");
        RestoreReport report = restore(snapshot, in);
        assertThat(sh(service, coarse)).isEqualTo(before);
        if (in == Reach.ENGINE) {
            assertThat(report.warnings())
                    .singleElement()
                    .asString()
                    .contains("was filled through the engine", "holes of sparse files become zeros");
        } else {
            assertThat(report.warnings()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Reach.class)
    void filesAndFoldersGoBackInPlace(Reach reach) throws Exception {
        Containers service = service();
        sh(service, TREE);
        String listing = "cd /data; stat -c '%n %f %u %g %Y %h %s' setuid deep deep/b void sparse";
        String before = sh(service, listing);
        MemorySnapshot snapshot = backup(service, Quiet.NONE, reach);
        sh(
                service,
                "cd /data; rm -r setuid void deep again sparse; echo mine > setuid; echo new > many/1; mkdir later");

        VolumePathsRestore restore =
                paths(snapshot, reach, "/data/setuid", "/data/deep/", "/data/void", "/data/sparse", "/data/nothing");
        assertThat(restore.plan())
                .anyMatch(line -> line.contains("stop container " + service.name()))
                .anyMatch(line -> line.contains("/data/setuid") && line.contains("everything else stays"));
        RestoreReport report = restore.run();
        assertThat(report.warnings()).containsExactly("the snapshot has no /data/nothing");
        assertThat(report.folders())
                .singleElement()
                .satisfies(one -> assertThat(one.entries()).isEqualTo(7));
        assertThat(state(service.name())).isEqualTo("running");
        // "again" was the first of three names, and was not selected
        assertThat(sh(service, listing)).isEqualTo(before.replace(" 3 4\n", " 2 4\n"));
        assertThat(sh(service, "cd /data; cat setuid deep/a many/1; tail -c 3 sparse; ls -d later; test ! -e again"))
                .isEqualTo("#!/bin/sh\none\nnew\nendlater\n");
        assertThatThrownBy(() -> paths(snapshot, reach, "/data/nothing")).isInstanceOf(PathNotFoundException.class);
    }

    @Test
    void whoUsesAVolumeMayGoOn() throws Exception {
        Containers service = service();
        sh(service, "echo 1 > /data/file");
        MemorySnapshot snapshot = backup(service, Quiet.NONE, Reach.BEST);
        String started = docker("inspect", "--format", "{{.State.StartedAt}}", service.name());
        sh(service, "echo 2 > /data/file");
        VolumePathsRestore restore = VolumePathsRestore.prepare(
                engine,
                journals(),
                Optional.empty(),
                snapshot,
                List.of("/data/file"),
                VolumePathsRestore.Users.GO_ON,
                Reach.BEST);
        assertThat(restore.plan()).hasSize(1);
        restore.run();
        assertThat(sh(service, "cat /data/file")).isEqualTo("1\n");
        assertThat(docker("inspect", "--format", "{{.State.StartedAt}}", service.name()))
                .isEqualTo(started);
    }

    @Test
    void aFolderThatIsNotProvedIsNotTaken() throws Exception {
        VolumeAccess access = new VolumeAccess(engine);
        MountPoint mount = access.find(volume.name()).orElseThrow();
        assertThat(found(access, mount)).contains(mountpoint());
        MountPoint bind = new MountPoint(MountPoint.Kind.BIND, "", "", folder.toString(), "/data", Access.WRITE);
        assertThat(found(access, bind)).isEmpty();
        docker("volume", "rm", volume.name());
        docker("volume", "create", "--opt", "type=tmpfs", "--opt", "device=tmpfs", volume.name());
        assertThat(access.plainFolder(volume.name())).isEmpty();
        assertThat(found(access, access.find(volume.name()).orElseThrow())).isEmpty();
    }

    private Optional<String> found(VolumeAccess access, MountPoint mount) throws IOException {
        String helper = "holdfast-it-proof-" + volume.name();
        try {
            return LocalVolume.find(access, access.open(helper, mount, Access.READ), mount)
                    .map(Object::toString);
        } finally {
            access.remove(helper);
        }
    }
}
