package dev.holdfast.core.pipeline;

import dev.holdfast.core.chunk.Chunking;
import dev.holdfast.core.chunk.Compression;
import dev.holdfast.core.crypto.HostKey;
import dev.holdfast.core.crypto.Identity;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.crypto.X25519Identity;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.repository.Descriptor;
import dev.holdfast.core.repository.RecipeStream;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.Snapshot;
import dev.holdfast.core.repository.SnapshotHeader;
import dev.holdfast.core.source.BackupSource;
import dev.holdfast.core.storage.MemoryDriver;
import dev.holdfast.core.storage.Storage;
import dev.holdfast.core.storage.StorageDriver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A repository with all its keys, for tests. */
final class TestRepository {
    static final SourceName SOURCE = new SourceName("shop-db");

    final SecureRandom random = new SecureRandom();
    final Identity identity;
    final HostKey host = HostKey.generate(random);
    final RepositorySecret secret = RepositorySecret.generate(random);
    final StorageDriver driver;
    final Storage storage;
    Repository repository;
    Instant now = Instant.parse("2026-11-19T02:00:00Z");

    TestRepository(StorageDriver driver, Identity identity, Chunking chunking) throws IOException {
        this.driver = driver;
        this.identity = identity;
        this.storage = new Storage(driver);
        this.repository = Repository.create(
                storage,
                RepositoryId.generate(random),
                secret,
                chunking,
                List.of(identity.recipient()),
                new Descriptor.Host("test", host.publicHalf()),
                now,
                random);
    }

    static TestRepository inMemory() throws IOException {
        return new TestRepository(
                new MemoryDriver(), X25519Identity.generate(new SecureRandom()), Chunking.CONTENT_DEFINED);
    }

    MemoryDriver memory() {
        return (MemoryDriver) driver;
    }

    BackupResult backup(BackupSource source) throws IOException {
        return backup(source, BackupSettings.defaults());
    }

    BackupResult backup(BackupSource source, BackupSettings settings) throws IOException {
        now = now.plusSeconds(60);
        return new BackupPipeline(
                        repository,
                        secret,
                        repository.recipients(List.of(identity)),
                        host,
                        settings,
                        Clock.fixed(now, ZoneOffset.UTC),
                        random)
                .run(newRun(), SOURCE, source, () -> {}, new RunProgress());
    }

    BackupResult backup(Compression compression, byte[]... streams) throws IOException {
        return backup(MemorySource.of(streams), BackupSettings.defaults().with(compression));
    }

    BackupResult backup(byte[]... streams) throws IOException {
        return backup(MemorySource.of(streams));
    }

    RunId newRun() {
        byte[] id = new byte[RunId.BYTES];
        random.nextBytes(id);
        return RunId.of(id);
    }

    /** Reads a snapshot as someone does who has only the storage and an identity. */
    Map<String, byte[]> restore(SnapshotHeader header, Identity with) throws IOException {
        Repository fresh = Repository.find(storage).orElseThrow();
        RepositorySecret opened = fresh.unlock(List.of(with));
        Snapshot snapshot = fresh.readSnapshot(header.key());
        SnapshotReader reader = SnapshotReader.open(fresh, snapshot, opened, List.of(with), 2);
        Map<String, byte[]> streams = new LinkedHashMap<>();
        for (RecipeStream stream : reader.recipe().streams()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (InputStream in = reader.open(stream, new RunProgress())) {
                in.transferTo(out);
            }
            streams.put(stream.name(), out.toByteArray());
        }
        return streams;
    }

    Map<String, byte[]> restore(SnapshotHeader header) throws IOException {
        return restore(header, identity);
    }

    CheckReport check(CheckDepth depth) throws IOException {
        Repository fresh = Repository.find(storage).orElseThrow();
        return new CheckPipeline(fresh, Optional.of(secret), List.of(identity), 2, random)
                .run(Optional.empty(), depth, new RunProgress());
    }

    CheckReport checkWithoutKeys(CheckDepth depth) throws IOException {
        Repository fresh = Repository.find(storage).orElseThrow();
        return new CheckPipeline(fresh, Optional.empty(), List.of(), 2, random)
                .run(Optional.empty(), depth, new RunProgress());
    }
}
