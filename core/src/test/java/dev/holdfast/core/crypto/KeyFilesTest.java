package dev.holdfast.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Keys as people keep, type and mix them up. No message repeats a part of a secret. */
class KeyFilesTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final MasterKey master = MasterKey.generate(RANDOM);
    private final X25519Identity pair = X25519Identity.generate(RANDOM);

    private static void assertRefused(String file, String message, String secret) {
        assertThatThrownBy(() -> Identity.parseFile(file))
                .as(file)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .satisfies(failure -> {
                    for (Throwable each = failure; each != null; each = each.getCause()) {
                        String text = String.valueOf(each.getMessage());
                        assertThat(text).doesNotContain(secret.substring(30, 40));
                    }
                });
    }

    @Test
    void severalKeysInOneFileAreReadInOrder() {
        String file = "# made today\r\n\r\n  " + pair.secretText() + "  \r\n\t# and\n" + master.secretText();
        assertThat(Identity.parseFile(file)).extracting(Identity::id).containsExactly(pair.id(), master.id());
        assertThat(Identity.parseFile(file))
                .extracting(Identity::secretText)
                .containsExactly(pair.secretText(), master.secretText());
    }

    @Test
    void emptyFilesAndOtherTextsAreRefusedByLine() {
        String secret = pair.secretText();
        assertRefused("", "holds no key", secret);
        assertRefused("# nothing\n\n", "holds no key", secret);
        assertRefused("# first\nhello\n", "line 2: not a Holdfast key", secret);
        assertRefused(pair.recipient().text(), "recipient (public)", secret);
        assertRefused("\ufeff" + secret, "line 1: not a Holdfast key", secret);
        assertRefused(secret.toLowerCase(Locale.ROOT), "not a Holdfast key", secret);
        assertRefused(
                "HOLDFAST-HOST-KEY-ED25519" + secret.substring(secret.indexOf(':')), "not a Holdfast key", secret);
    }

    @Test
    void everySlipOfThePenIsFound() {
        for (String good : List.of(pair.secretText(), master.secretText())) {
            int from = good.indexOf(':') + 1;
            for (int i = from; i < good.length(); i++) {
                char other = good.charAt(i) == '0' ? '1' : '0';
                if (good.charAt(i) != '-') {
                    assertRefused(good.substring(0, i) + other + good.substring(i + 1), "typing error", good);
                }
                assertRefused(good.substring(0, i) + good.substring(i + 1), "not of the form", good);
                assertRefused(good.substring(0, i) + "g" + good.substring(i + 1), "not of the form", good);
                assertRefused(good.substring(0, i), "not of the form", good);
            }
            assertRefused(good + "0", "not of the form", good);
        }
    }

    @Test
    void digitsMayBeTypedInCapitals() {
        String text = pair.secretText();
        int colon = text.indexOf(':');
        String capitals = text.substring(0, colon) + text.substring(colon).toUpperCase(Locale.ROOT);
        assertThat(Identity.parse(capitals).id()).isEqualTo(pair.id());
    }

    @Test
    void aKeyOfOneKindIsNoneOfAnother() {
        String digits = pair.secretText().substring(pair.secretText().indexOf(':'));
        assertThatThrownBy(() -> Identity.parse("HOLDFAST-MASTER-KEY" + digits))
                .as("the check digits cover the kind")
                .hasMessageContaining("typing error");
        assertThatThrownBy(() -> Recipient.parse(pair.secretText())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HostKey.parse(pair.secretText())).isInstanceOf(IllegalArgumentException.class);
        assertThat(pair.toString() + master + pair.recipient())
                .doesNotContain(pair.secretText().substring(30, 40))
                .doesNotContain(master.secretText().substring(30, 40));
    }

    @Test
    void aHostKeySignsAndOnlyItsOwnSignatureCounts() throws Exception {
        HostKey host = HostKey.parse(HostKey.generate(RANDOM).secretText() + "\n");
        byte[] digest = new byte[32];
        RANDOM.nextBytes(digest);
        byte[] signature = host.sign(digest);
        assertThat(signature).hasSize(HostKey.SIGNATURE_BYTES);
        host.publicHalf().verify(digest, signature);
        assertThat(HostKey.parse(host.secretText()).publicHalf()).isEqualTo(host.publicHalf());
        byte[] other = digest.clone();
        other[31] ^= 1;
        assertRefused(host.publicHalf(), other, signature);
        assertRefused(HostKey.generate(RANDOM).publicHalf(), digest, signature);
        for (int bit = 0; bit < signature.length * 8; bit += 7) {
            byte[] bad = signature.clone();
            bad[bit / 8] ^= (byte) (1 << (bit % 8));
            assertRefused(host.publicHalf(), digest, bad);
        }
        for (int length : new int[] {0, 1, 63, 65, 128}) {
            assertRefused(host.publicHalf(), digest, Arrays.copyOf(signature, length));
        }
        assertThat(host.toString()).doesNotContain(host.secretText().substring(30, 40));
    }

    private static void assertRefused(HostKey.PublicHalf key, byte[] digest, byte[] signature) {
        assertThatThrownBy(() -> key.verify(digest, signature)).isInstanceOf(AuthenticationFailedException.class);
    }

    @Test
    void aPublicHalfIs32BytesInBase64() {
        for (int length : new int[] {0, 31, 33}) {
            String text = Base64.getEncoder().encodeToString(new byte[length]);
            assertThatThrownBy(() -> new HostKey.PublicHalf(text)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new HostKey.PublicHalf("not base64!")).isInstanceOf(IllegalArgumentException.class);
    }
}
