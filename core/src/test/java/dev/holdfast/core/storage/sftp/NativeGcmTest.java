package dev.holdfast.core.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hierynomus.sshj.transport.cipher.GcmCiphers;
import java.util.Arrays;
import java.util.Random;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.cipher.Cipher;
import org.junit.jupiter.api.Test;

/** Native and JDK's AES-GCM agree on packets, so it does not matter which of them a machine has. */
class NativeGcmTest {
    private static final int LENGTH_FIELD = 4;
    private static final int TAG = 16;

    private final Random random = new Random(7);

    @Test
    void agreesWithTheJdkInBothDirections() {
        agree(NativeGcm.aes128(), GcmCiphers.AES128GCM());
        agree(GcmCiphers.AES128GCM(), NativeGcm.aes128());
        agree(NativeGcm.aes256(), GcmCiphers.AES256GCM());
        agree(GcmCiphers.AES256GCM(), NativeGcm.aes256());
    }

    private void agree(Factory.Named<Cipher> one, Factory.Named<Cipher> other) {
        assertThat(one.getName()).isEqualTo(other.getName());
        byte[] key = bytes(64);
        byte[] nonce = bytes(32);
        Arrays.fill(nonce, 8, 12, (byte) 0xff); // the counter carries over within the test
        Cipher sender = started(one, Cipher.Mode.Encrypt, key, nonce);
        Cipher receiver = started(other, Cipher.Mode.Decrypt, key, nonce);
        for (int packet = 0; packet < 300; packet++) {
            int length = 16 * (1 + random.nextInt(packet % 10 == 0 ? 2048 : 20));
            byte[] plain = bytes(LENGTH_FIELD + length);
            byte[] wire = Arrays.copyOf(plain, plain.length + TAG);
            sender.updateWithAAD(wire, 0, LENGTH_FIELD, length);
            assertThat(Arrays.copyOf(wire, plain.length)).isNotEqualTo(plain);
            receiver.updateAAD(wire, 0, LENGTH_FIELD);
            receiver.update(wire, LENGTH_FIELD, length);
            assertThat(Arrays.copyOf(wire, plain.length)).as("packet " + packet).isEqualTo(plain);
        }
    }

    @Test
    void aChangedPacketIsRefused() {
        byte[] key = bytes(16);
        byte[] nonce = bytes(12);
        for (int at : new int[] {0, 4, 35, 36, 51}) { // length, text, tag
            byte[] wire = bytes(LENGTH_FIELD + 32 + TAG);
            started(NativeGcm.aes128(), Cipher.Mode.Encrypt, key, nonce).updateWithAAD(wire, 0, LENGTH_FIELD, 32);
            wire[at] ^= 1;
            Cipher receiver = started(NativeGcm.aes128(), Cipher.Mode.Decrypt, key, nonce);
            assertThatThrownBy(() -> receiver.updateWithAAD(wire, 0, LENGTH_FIELD, 32))
                    .as("byte " + at)
                    .isInstanceOf(SSHRuntimeException.class);
        }
    }

    private static Cipher started(Factory.Named<Cipher> factory, Cipher.Mode mode, byte[] key, byte[] nonce) {
        Cipher cipher = factory.create();
        cipher.init(mode, key, nonce);
        return cipher;
    }

    private byte[] bytes(int length) {
        byte[] content = new byte[length];
        random.nextBytes(content);
        return content;
    }
}
