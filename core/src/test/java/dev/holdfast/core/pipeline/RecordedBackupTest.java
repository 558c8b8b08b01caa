package dev.holdfast.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.catalog.BackupStatus;
import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.catalog.CatalogUnavailableException;
import dev.holdfast.core.catalog.Liveness;
import dev.holdfast.core.catalog.sqlite.SqliteCatalog;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.source.DumpFailedException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run and its record: the record may fail, what was committed stays whole and is called so. */
class RecordedBackupTest {
    private static final byte[] CONTENT = "some rows".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    @TempDir
    private Path folder = Path.of("");

    private final TestRepository test = TestRepository.inMemory();

    RecordedBackupTest() throws IOException {}

    private Catalog catalog() throws IOException {
        return SqliteCatalog.open(folder.resolve("catalog.db"), Clock.systemUTC(), Liveness.ofProcesses("test"));
    }

    /** A catalog whose disk is full when it comes to these calls. */
    private static Catalog full(Catalog real, String... calls) {
        Set<String> failing = Set.of(calls);
        return (Catalog) Proxy.newProxyInstance(
                Catalog.class.getClassLoader(), new Class<?>[] {Catalog.class}, (proxy, method, arguments) -> {
                    if (failing.contains(method.getName())) {
                        throw new CatalogUnavailableException("database or disk is full", new IOException("full"));
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private BackupResult run(Catalog catalog, RecordedBackup.Opening opening) throws IOException {
        RunId run = test.newRun();
        BackupPipeline pipeline = new BackupPipeline(
                test.repository,
                test.secret,
                test.repository.recipients(List.of(test.identity)),
                test.host,
                BackupSettings.defaults(),
                Clock.systemUTC(),
                test.random);
        return new RecordedBackup(catalog, "test/1/1", pipeline)
                .run(run, test.repository.descriptor().repository(), TestRepository.SOURCE, opening, new RunProgress());
    }

    @Test
    void aRunThatCannotBeRecordedAnyMoreIsWholeAllTheSame() throws IOException {
        try (Catalog real = catalog()) {
            for (String call : List.of("complete", "progress", "release")) {
                BackupResult result = run(full(real, call), () -> MemorySource.of(CONTENT));
                assertThat(result.warnings())
                        .as(call)
                        .singleElement()
                        .asString()
                        .contains("disk is full");
                assertThat(test.restore(result.snapshot())).as(call).containsEntry("stream-0", CONTENT);
            }
            assertThat(real.list(Optional.of(TestRepository.SOURCE), 10))
                    .as("what was committed counts once the next run looks, whatever the record said")
                    .extracting(Backup::status)
                    .containsOnly(BackupStatus.COMPLETED);
        }
    }

    @Test
    void withoutACatalogNothingIsBegun() throws IOException {
        int before = test.memory().objects().size();
        try (Catalog real = catalog()) {
            for (String call : List.of("acquire", "unfinished", "create", "start")) {
                assertThatThrownBy(() -> run(full(real, call), () -> MemorySource.of(CONTENT)))
                        .as(call)
                        .hasMessageContaining("disk is full");
            }
            assertThat(test.memory().objects()).hasSize(before);
            assertThat(run(real, () -> MemorySource.of(CONTENT)).warnings())
                    .as("what failed left no lease behind")
                    .isEmpty();
        }
    }

    @Test
    void theFailureOfTheRunIsToldAndNotThatOfItsRecord() throws IOException {
        try (Catalog real = catalog()) {
            assertThatThrownBy(() -> run(full(real, "fail", "release"), () -> {
                        throw new DumpFailedException("pg_dump ended with exit code 1");
                    }))
                    .isInstanceOf(DumpFailedException.class);
        }
    }

    @Test
    void aRunIsRecordedAsItEnded() throws IOException {
        try (Catalog catalog = catalog()) {
            run(catalog, () -> MemorySource.of(CONTENT));
            assertThatThrownBy(() -> run(catalog, () -> {
                        throw new DumpFailedException("exit code 1");
                    }))
                    .isInstanceOf(DumpFailedException.class);
            assertThat(catalog.list(Optional.empty(), 10))
                    .extracting(dev.holdfast.core.catalog.Backup::status)
                    .containsExactly(BackupStatus.FAILED, BackupStatus.COMPLETED);
        }
    }
}
