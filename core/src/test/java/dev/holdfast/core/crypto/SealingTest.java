package dev.holdfast.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.RunId;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is sealed opens again, and only with the same key, the same context and every bit as it was. */
class SealingTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private static byte[] noise(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void everyLengthComesBack() throws Exception {
        AesGcm cipher = new AesGcm(SymmetricKey.random(RANDOM));
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            byte[] text = noise(random, seed < 130 ? (int) seed : random.nextInt(70_000));
            byte[] additional = noise(random, random.nextInt(100));
            byte[] sealed = cipher.seal(text, additional, RANDOM);
            assertThat(sealed).as("seed %d", seed).hasSize(text.length + AesGcm.OVERHEAD_BYTES);
            assertThat(cipher.open(sealed, additional)).as("seed %d", seed).isEqualTo(text);
        }
    }

    @Test
    void partsOfLargerBuffersAreKeptApart() throws Exception {
        AesGcm cipher = new AesGcm(SymmetricKey.random(RANDOM));
        byte[] text = noise(new Random(1), 1000);
        byte[] out = new byte[2000];
        int length = cipher.seal(text, 100, 500, new byte[3], out, 50, RANDOM);
        assertThat(length).isEqualTo(528);
        assertThat(Arrays.copyOf(out, 50)).containsOnly(0);
        assertThat(Arrays.copyOfRange(out, 50 + length, 2000)).containsOnly(0);
        byte[] back = new byte[600];
        assertThat(cipher.open(out, 50, length, new byte[3], back, 7)).isEqualTo(500);
        assertThat(Arrays.copyOfRange(back, 7, 507)).isEqualTo(Arrays.copyOfRange(text, 100, 600));
    }

    @Test
    void aBitALengthAContextOrAKeyThatDiffersIsRefused() {
        AesGcm cipher = new AesGcm(SymmetricKey.random(RANDOM));
        byte[] text = noise(new Random(2), 40);
        byte[] sealed = cipher.seal(text, new byte[] {1, 2}, RANDOM);
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] bad = sealed.clone();
            bad[bit / 8] ^= (byte) (1 << (bit % 8));
            assertRefused(cipher, bad, new byte[] {1, 2});
        }
        for (int length = 0; length < sealed.length; length++) {
            assertRefused(cipher, Arrays.copyOf(sealed, length), new byte[] {1, 2});
        }
        assertRefused(cipher, Arrays.copyOf(sealed, sealed.length + 1), new byte[] {1, 2});
        for (byte[] other : new byte[][] {{}, {1}, {1, 3}, {1, 2, 0}, {2, 1}}) {
            assertRefused(cipher, sealed, other);
        }
        assertRefused(new AesGcm(SymmetricKey.random(RANDOM)), sealed, new byte[] {1, 2});
    }

    private static void assertRefused(AesGcm cipher, byte[] sealed, byte[] additional) {
        assertThatThrownBy(() -> cipher.open(sealed, additional)).isInstanceOf(AuthenticationFailedException.class);
    }

    @Test
    void noNonceComesTwice() {
        AesGcm cipher = new AesGcm(SymmetricKey.random(RANDOM));
        Set<String> nonces = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            nonces.add(Arrays.toString(Arrays.copyOf(cipher.seal(new byte[0], new byte[0], RANDOM), 12)));
        }
        assertThat(nonces).hasSize(10_000);
    }

    @Test
    void aKeyIs32Bytes() {
        for (int length : new int[] {0, 16, 31, 33, 64}) {
            assertThatThrownBy(() -> SymmetricKey.of(new byte[length])).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(SymmetricKey.random(RANDOM)).hasToString("***");
    }

    @Test
    void aWrappedKeyOpensForItsRecipientInItsPlaceAlone() throws Exception {
        X25519Identity pair = X25519Identity.generate(RANDOM);
        MasterKey master = MasterKey.generate(RANDOM);
        RepositoryId repository = RepositoryId.generate(RANDOM);
        RepositoryId other = RepositoryId.generate(RANDOM);
        RepositorySecret secret = RepositorySecret.generate(RANDOM);
        for (Identity identity : List.of(pair, master)) {
            WrappedKey wrapped = secret.wrapFor(identity.recipient(), repository, RANDOM);
            assertThat(RepositorySecret.open(List.of(identity), List.of(wrapped), repository))
                    .hasValueSatisfying(open -> assertThat(open.export()).isEqualTo(secret.export()));
            assertThatThrownBy(() -> RepositorySecret.open(List.of(identity), List.of(wrapped), other))
                    .as("another repository")
                    .isInstanceOf(AuthenticationFailedException.class);
            assertThatThrownBy(() -> RunKey.open(
                            List.of(identity), List.of(wrapped), repository, RunId.of(new byte[RunId.BYTES])))
                    .as("another purpose")
                    .isInstanceOf(AuthenticationFailedException.class);
            for (Identity stranger : List.of(X25519Identity.generate(RANDOM), MasterKey.generate(RANDOM))) {
                assertThat(RepositorySecret.open(List.of(stranger), List.of(wrapped), repository))
                        .isEmpty();
            }
        }
    }

    @Test
    void wrappedKeysOfOtherLengthsAreRefused() {
        byte[] sixty = new byte[60];
        byte[] eighty = new byte[80];
        assertThat(WrappedKey.of(KeyType.MASTER_KEY, "0123456789abcdef", sixty).bytes())
                .hasSize(60);
        assertThatThrownBy(() -> WrappedKey.of(KeyType.MASTER_KEY, "0123456789abcdef", eighty))
                .hasMessageContaining("must be 60 bytes");
        assertThatThrownBy(() -> WrappedKey.of(KeyType.X25519, "0123456789abcdef", sixty))
                .hasMessageContaining("must be 80 bytes");
        assertThatThrownBy(() -> WrappedKey.of(KeyType.X25519, "0123456789abcde", eighty))
                .hasMessageContaining("16 hexadecimal digits");
        assertThatThrownBy(() -> WrappedKey.of(KeyType.X25519, "0123456789abcdeg", eighty))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPublicKeyOfLowOrderOpensNothing() {
        X25519Identity pair = X25519Identity.generate(RANDOM);
        RepositoryId repository = RepositoryId.generate(RANDOM);
        WrappedKey zeros = WrappedKey.of(KeyType.X25519, pair.id(), new byte[80]);
        assertThatThrownBy(() -> RepositorySecret.open(List.of(pair), List.of(zeros), repository))
                .isInstanceOf(AuthenticationFailedException.class);
    }
}
