package dev.holdfast.shim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.catalog.BackupStatus;
import dev.holdfast.core.catalog.Liveness;
import dev.holdfast.core.catalog.Plan;
import dev.holdfast.core.catalog.sqlite.SqliteCatalog;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.SnapshotHeader;
import dev.holdfast.core.storage.Storage;
import dev.holdfast.core.storage.StoredObject;
import dev.holdfast.core.storage.local.LocalDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon killed at random moments, over a clock that runs fast: no run is lost, none is doubled. */
class DaemonKillIT {
    private static final int ROUNDS = Integer.getInteger("holdfast.daemon.kills", 6);
    private static final SourceName TICK = new SourceName("tick");
    /** A minute of the schedule takes so many seconds: longer than a run. */
    private static final int SPEED = 6;

    @TempDir
    private Path folder;

    @Test
    void noRunIsLostAndNoneIsDoubled() throws Exception {
        Cli cli = new Cli(folder);
        Path file = folder.resolve("holdfast.yaml");
        Files.writeString(file, """
                storages:
                  disk: {type: local, path: %s}
                services:
                  ticks:
                    rpo: 1h
                    sources:
                      - {command: [sh, -c, 'sleep 0.5; date +%%N'], name: tick}
                    schedule: {cron: "* * * * *", zone: UTC, window: 0m}
                    retention: {last: 1000}
                """.formatted(cli.storage()));
        assertThat(cli.runPlain("apply", "--yes", file.toString()).code()).isZero();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Instant origin = Instant.now();
        for (int round = 0; round < ROUNDS; round++) {
            try (DaemonProcess daemon = DaemonProcess.startFast(folder, cli.home(), origin, SPEED)) {
                Thread.sleep(500 + random.nextInt(20_000));
                if (random.nextBoolean()) {
                    daemon.process().descendants().forEach(ProcessHandle::destroyForcibly);
                }
                daemon.kill(); // what it has started and was not killed goes on
            }
        }
        try (DaemonProcess daemon = DaemonProcess.startFast(folder, cli.home(), origin, SPEED)) {
            daemon.await(text -> text.contains("backup is whole"), Duration.ofMinutes(2));
            Thread.sleep(5_000);
            assertThat(daemon.terminate(Duration.ofMinutes(1)))
                    .as(daemon.output())
                    .isEqualTo(143);
        }
        requireEachRunOnce(cli, "seed " + seed);
        Cli.Result check = cli.run("check", "--read-data");
        assertThat(check.code()).as(check.output()).isZero();
    }

    private static void requireEachRunOnce(Cli cli, String seed) throws IOException {
        List<Backup> backups;
        Instant last;
        try (SqliteCatalog catalog =
                SqliteCatalog.open(cli.home().resolve("catalog.db"), Clock.systemUTC(), Liveness.UNKNOWN)) {
            backups = catalog.list(Optional.of(TICK), 100_000);
            last = catalog.lastDue("ticks/tick").orElseThrow();
        }
        assertThat(backups)
                .as(seed)
                .extracting(Backup::status)
                .doesNotContain(BackupStatus.PENDING, BackupStatus.RUNNING);
        Map<Instant, List<Backup>> byDue = backups.stream()
                .collect(Collectors.groupingBy(
                        backup -> backup.plan().map(Plan::due).orElseThrow()));
        byDue.forEach((due, runs) -> {
            long whole = runs.stream()
                    .filter(run -> run.status() == BackupStatus.COMPLETED)
                    .count();
            assertThat(whole).as("whole runs of " + due + ", " + seed).isLessThanOrEqualTo(1);
            if (due.equals(last)) {
                assertThat(whole).as("the newest due time has its run, " + seed).isEqualTo(1);
            }
        });
        Set<RunId> completed = backups.stream()
                .filter(backup -> backup.status() == BackupStatus.COMPLETED)
                .map(Backup::run)
                .collect(Collectors.toSet());
        assertThat(runsInRepository(cli)).as(seed).containsExactlyInAnyOrderElementsOf(completed);
    }

    /** The run of each snapshot, as often as there are snapshots of it. */
    private static List<RunId> runsInRepository(Cli cli) throws IOException {
        List<RunId> runs = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        try (Storage storage = new Storage(new LocalDriver(cli.storage()))) {
            Repository repository = Repository.find(storage).orElseThrow();
            for (StoredObject object : repository.listSnapshots(Optional.of(TICK))) {
                SnapshotHeader header = repository.readSnapshot(object.key()).header();
                assertThat(ids.add(header.snapshot().hex())).isTrue();
                runs.add(header.runs().getFirst().run());
            }
        }
        return runs;
    }
}
