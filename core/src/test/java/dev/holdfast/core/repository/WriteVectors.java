package dev.holdfast.core.repository;

import dev.holdfast.core.chunk.Chunking;
import dev.holdfast.core.chunk.Compression;
import dev.holdfast.core.crypto.HostKey;
import dev.holdfast.core.crypto.Identity;
import dev.holdfast.core.crypto.MasterKey;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.crypto.X25519Identity;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.pipeline.BackupPipeline;
import dev.holdfast.core.pipeline.BackupSettings;
import dev.holdfast.core.pipeline.RunProgress;
import dev.holdfast.core.source.BackupSource;
import dev.holdfast.core.source.NamedStream;
import dev.holdfast.core.storage.Storage;
import dev.holdfast.core.storage.local.LocalDriver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a small repository with every codec and both kinds of recipients, as files. Run once for a format and kept as a test vector: what it wrote
 * must stay readable for ever.
 */
public final class WriteVectors {
    public static final Map<String, byte[]> STREAMS = Map.of(
            "databases/shop.dump",
            "id|name\n1|O'Brien\n2|čaj ☕\n".repeat(4000).getBytes(StandardCharsets.UTF_8),
            "empty",
            new byte[0]);

    private WriteVectors() {}

    /** Makes the repository in a folder that must be empty, and its key files beside it. */
    static void write(Path folder) throws IOException {
        SecureRandom random = new SecureRandom();
        X25519Identity pair = X25519Identity.generate(random);
        MasterKey master = MasterKey.generate(random);
        HostKey host = HostKey.generate(random);
        RepositorySecret secret = RepositorySecret.generate(random);
        Path root = Files.createDirectories(folder.resolve("repository"));
        Files.writeString(folder.resolve("x25519.key"), pair.secretText() + "\n");
        Files.writeString(folder.resolve("master.key"), master.secretText() + "\n");
        try (Storage storage = new Storage(new LocalDriver(root))) {
            Repository repository = Repository.create(
                    storage,
                    RepositoryId.generate(random),
                    secret,
                    Chunking.CONTENT_DEFINED,
                    List.of(pair.recipient(), master),
                    new Descriptor.Host("vectors", host.publicHalf()),
                    Instant.parse("2026-11-19T01:00:00Z"),
                    random);
            int minute = 0;
            for (String codec : List.of("none", "zstd", "gzip")) {
                Clock clock = Clock.fixed(Instant.parse("2026-11-19T02:0" + minute++ + ":00.5Z"), ZoneOffset.UTC);
                byte[] run = new byte[RunId.BYTES];
                random.nextBytes(run);
                List<Identity> keys = List.of(master);
                new BackupPipeline(
                                repository,
                                secret,
                                repository.recipients(keys),
                                host,
                                BackupSettings.defaults().with(Compression.parse(codec)),
                                clock,
                                random)
                        .run(
                                RunId.of(run),
                                new SourceName("source-" + codec),
                                new Source(),
                                () -> {},
                                new RunProgress());
            }
        }
    }

    /** The streams above. */
    private static final class Source implements BackupSource {
        private final Iterator<Map.Entry<String, byte[]>> streams =
                STREAMS.entrySet().iterator();

        @Override
        public String engine() {
            return "vectors";
        }

        @Override
        public Consistency consistency() {
            return Consistency.APPLICATION;
        }

        @Override
        public Optional<NamedStream> next() {
            return streams.hasNext()
                    ? Optional.of(streams.next())
                            .map(one -> new NamedStream(one.getKey(), () -> new ByteArrayInputStream(one.getValue())))
                    : Optional.empty();
        }

        @Override
        public Map<String, Object> evidence() {
            return Map.of("rows", Map.of("public.t", 8000));
        }

        @Override
        public void close() {}
    }
}
