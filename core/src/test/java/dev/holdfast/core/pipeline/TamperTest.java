package dev.holdfast.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.crypto.AuthenticationFailedException;
import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.repository.FormatException;
import dev.holdfast.core.repository.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever a storage does to its objects is found before a wrong byte reaches a restore. */
class TamperTest {
    private TestRepository test;
    private BackupResult backup;

    @BeforeEach
    void backUp() throws IOException {
        test = TestRepository.inMemory();
        byte[] noise = new byte[700];
        new Random(1).nextBytes(noise);
        backup = test.backup("create table t(a int);".repeat(40).getBytes(StandardCharsets.UTF_8), noise);
        assertThat(test.check(CheckDepth.ALL_DATA).problems()).isEmpty();
    }

    private List<ObjectKey> keys(String prefix) {
        return test.memory().objects().keySet().stream()
                .filter(key -> key.text().startsWith(prefix))
                .toList();
    }

    private void everyByteOf(String prefix) {
        for (ObjectKey key : keys(prefix)) {
            byte[] good = test.memory().objects().get(key);
            for (int i = 0; i < good.length; i++) {
                byte[] bad = good.clone();
                bad[i] ^= (byte) (1 << (i % 8));
                test.memory().objects().put(key, bad);
                assertFound(key + " with byte " + i + " of " + good.length + " changed");
            }
            test.memory().objects().put(key, good);
        }
    }

    /** A check names it, and a restore gives wrong bytes to nobody. */
    private void assertFound(String what) {
        boolean found;
        try {
            found = !test.check(CheckDepth.ALL_DATA).isClean();
        } catch (IOException e) {
            found = true;
        }
        assertThat(found).as("check finds %s", what).isTrue();
        try {
            Map<String, byte[]> streams = test.restore(backup.snapshot());
            assertThat(Arrays.hashCode(streams.get("stream-0")))
                    .as("restore of %s", what)
                    .isEqualTo(
                            Arrays.hashCode("create table t(a int);".repeat(40).getBytes(StandardCharsets.UTF_8)));
        } catch (IOException refused) {
            assertThat(refused.getMessage()).as("refusal of %s", what).isNotBlank();
        }
    }

    @Test
    void everyByteOfThePackCounts() {
        everyByteOf("packs/");
    }

    @Test
    void everyByteOfTheSnapshotCounts() {
        everyByteOf("snapshots/");
    }

    @Test
    void everyByteOfTheDescriptorCounts() {
        everyByteOf("descriptor/");
    }

    @Test
    void everyTruncationIsFound() {
        for (String prefix : List.of("packs/", "snapshots/", "descriptor/")) {
            ObjectKey key = keys(prefix).getFirst();
            byte[] good = test.memory().objects().get(key);
            for (int length = 0; length < good.length; length += 7) {
                test.memory().objects().put(key, Arrays.copyOf(good, length));
                assertFound(key + " cut to " + length);
            }
            test.memory().objects().put(key, Arrays.copyOf(good, good.length + 1));
            assertFound(key + " with a byte more");
            test.memory().objects().put(key, good);
        }
    }

    @Test
    void keylessCheckFindsAChangedPackByItsName() throws IOException {
        ObjectKey key = keys("packs/").getFirst();
        test.memory().objects().get(key)[40] ^= 1;
        assertThat(test.checkWithoutKeys(CheckDepth.STRUCTURE).problems()).isEmpty();
        assertThat(test.checkWithoutKeys(CheckDepth.ALL_DATA).problems())
                .singleElement()
                .asString()
                .contains(key.text());
    }

    @Test
    void twoPacksSwappedAreFound() throws IOException {
        byte[] other = new byte[700];
        new Random(2).nextBytes(other);
        test.backup(other);
        List<ObjectKey> packs = keys("packs/");
        byte[] first = test.memory().objects().get(packs.getFirst());
        test.memory().objects().put(packs.getFirst(), test.memory().objects().get(packs.getLast()));
        test.memory().objects().put(packs.getLast(), first);
        assertFound("two packs swapped");
        assertThatThrownBy(() -> test.restore(backup.snapshot())).isInstanceOf(IOException.class);
    }

    @Test
    void twoChunksSwappedInsideAPackAreFound() throws IOException {
        TestRepository twins = TestRepository.inMemory();
        byte[] one = new byte[600];
        byte[] two = new byte[600];
        new Random(3).nextBytes(one);
        new Random(4).nextBytes(two);
        BackupResult result = twins.backup(one, two);
        ObjectKey key = twins.repository.packKey(
                TestRepository.SOURCE, result.snapshot().packs().getFirst().id());
        byte[] pack = twins.memory().objects().get(key);
        int sealed = 600 + 28;
        byte[] first = Arrays.copyOf(pack, sealed);
        System.arraycopy(pack, sealed, pack, 0, sealed);
        System.arraycopy(first, 0, pack, sealed, sealed);
        assertThatThrownBy(() -> twins.restore(result.snapshot())).isInstanceOf(AuthenticationFailedException.class);
    }

    @Test
    void anOldSnapshotUnderANewNameIsRefused() throws IOException {
        ObjectKey old = backup.snapshot().key();
        ObjectKey replay = new ObjectKey(old.text().replace("20261119", "20271119"));
        test.memory().objects().put(replay, test.memory().objects().get(old));
        assertThatThrownBy(() -> test.repository.readSnapshot(replay))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("under another name");
        assertThat(test.check(CheckDepth.STRUCTURE).problems()).hasSize(1);
    }

    @Test
    void aSnapshotOfAnotherRepositoryIsRefused() throws IOException {
        TestRepository other = TestRepository.inMemory();
        BackupResult foreign = other.backup(new byte[100]);
        ObjectKey key = foreign.snapshot().key();
        test.memory().objects().put(key, other.memory().objects().get(key));
        assertThatThrownBy(() -> test.repository.readSnapshot(key))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("another repository");
    }

    @Test
    void aRecipientAddedToTheDescriptorIsRefused() throws IOException {
        TestRepository attacker = TestRepository.inMemory();
        ObjectKey key = keys("descriptor/").getFirst();
        String good = new String(test.memory().objects().get(key), StandardCharsets.UTF_8);
        String theirs = new String(attacker.memory().objects().get(key), StandardCharsets.UTF_8);
        int from = theirs.indexOf("\"recipients\":[") + "\"recipients\":[".length();
        String recipient = theirs.substring(from, theirs.indexOf(']', from));
        String bad = good.replace("\"recipients\":[", "\"recipients\":[" + recipient + ",");
        test.memory().objects().put(key, bad.getBytes(StandardCharsets.UTF_8));
        Repository found = Repository.find(test.storage).orElseThrow();
        assertThat(found.descriptor().recipients()).hasSize(2);
        assertThatThrownBy(() -> found.verified(test.secret))
                .isInstanceOf(AuthenticationFailedException.class)
                .hasMessageContaining("not authentic");
        assertThatThrownBy(() -> found.unlock(List.of(test.identity)))
                .isInstanceOf(AuthenticationFailedException.class);
    }

    @Test
    void anUnknownFormatIsRefusedWithAWord() {
        ObjectKey key = keys("descriptor/").getFirst();
        String good = new String(test.memory().objects().get(key), StandardCharsets.UTF_8);
        test.memory()
                .objects()
                .put(key, good.replace("\"format\":1", "\"format\":2").getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> Repository.find(test.storage))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("format 2")
                .hasMessageContaining("newer");
        test.memory()
                .objects()
                .put(
                        key,
                        good.replace("{\"format\":1", "{\"critical\":[\"quantum\"],\"format\":1")
                                .getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> Repository.find(test.storage))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("quantum");
    }
}
