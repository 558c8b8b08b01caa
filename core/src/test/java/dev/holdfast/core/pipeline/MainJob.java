package dev.holdfast.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.chunk.Chunking;
import dev.holdfast.core.chunk.Compression;
import dev.holdfast.core.crypto.X25519Identity;
import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.repository.SnapshotHeader;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.StorageDriver;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** What all is for, over any storage: back up, back up again after changes, check, restore, forget, check. */
public final class MainJob {
    /** More than one pack. */
    private static final int BYTES = 34 << 20;

    private MainJob() {}

    /** Runs it in an empty storage, which is tried first, as a user does: with Google Drive this makes its root. */
    public static void runOver(StorageDriver driver) throws IOException {
        ObjectKey probe = new ObjectKey("probe/test");
        driver.put(probe, Body.of(new byte[1]), PutMode.REPLACE);
        driver.delete(probe);
        TestRepository test =
                new TestRepository(driver, X25519Identity.generate(new SecureRandom()), Chunking.CONTENT_DEFINED);
        byte[] content = new byte[BYTES];
        new Random(34).nextBytes(content);
        byte[] changed = content.clone();
        Arrays.fill(changed, BYTES / 2, BYTES / 2 + 1000, (byte) 'x');

        BackupResult first = test.backup(Compression.parse("none"), content, new byte[0]);
        BackupResult second = test.backup(Compression.parse("none"), changed, new byte[0]);
        assertThat(first.snapshot().packs()).hasSizeGreaterThan(1);
        assertThat(second.newChunks()).isBetween(1L, 4L);

        assertThat(test.check(CheckDepth.ALL_DATA).problems()).isEmpty();
        assertThat(test.checkWithoutKeys(CheckDepth.ALL_DATA).problems()).isEmpty();
        assertRestores(test, first.snapshot(), content);
        assertRestores(test, second.snapshot(), changed);

        new ForgetPipeline(test.repository, Clock.fixed(test.now, ZoneOffset.UTC))
                .forget(test.repository.readSnapshot(first.snapshot().key()), () -> {});
        assertThat(test.repository.listSnapshots(Optional.of(TestRepository.SOURCE)))
                .hasSize(1);
        assertThat(test.check(CheckDepth.ALL_DATA).problems()).isEmpty();
        assertRestores(test, second.snapshot(), changed);
    }

    private static void assertRestores(TestRepository test, SnapshotHeader snapshot, byte[] content)
            throws IOException {
        Map<String, byte[]> streams = test.restore(snapshot);
        assertThat(streams.keySet()).containsExactly("stream-0", "stream-1");
        assertThat(Arrays.equals(streams.get("stream-0"), content)).isTrue();
        assertThat(streams.get("stream-1")).isEmpty();
    }
}
