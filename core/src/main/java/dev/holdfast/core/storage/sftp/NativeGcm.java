package dev.holdfast.core.storage.sftp;

import java.nio.ByteBuffer;
import java.util.Arrays;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.cipher.Cipher;
import org.bouncycastle.crypto.CryptoServicesRegistrar;
import org.bouncycastle.crypto.NativeServices;
import org.bouncycastle.crypto.PacketCipherException;
import org.bouncycastle.crypto.modes.AESGCMModePacketCipher;
import org.bouncycastle.crypto.modes.AESGCMPacketCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * AES-GCM for SSH packets (RFC 5647) by Bouncy Castle's native code, which is fast from the first packet on. The JDK's is
 * as fast only once it is compiled, about a gigabyte later, and a backup is often shorter than that. Bouncy Castle's
 * cipher for whole packets is taken, which begins one in a tenth of the time of its cipher for streams.
 */
final class NativeGcm implements Cipher {
    private static final int TAG_BYTES = 16;
    private static final int NONCE_BYTES = 12;

    /** The last eight bytes of the nonce count packets; the first four stay (RFC 5647, section 7.1). */
    private static final int COUNTER_AT = 4;

    private final AESGCMModePacketCipher cipher = AESGCMPacketCipher.newInstance();
    private final int keyBytes;
    private boolean encrypts;
    private KeyParameter key = new KeyParameter(new byte[TAG_BYTES]);
    private byte[] nonce = new byte[NONCE_BYTES];
    private byte[] lengthField = new byte[0];
    private byte[] output = new byte[0];

    private NativeGcm(int keyBytes) {
        this.keyBytes = keyBytes;
    }

    /** Whether there is native code for this processor. */
    static boolean isAvailable() {
        return CryptoServicesRegistrar.hasEnabledService(NativeServices.AES_GCM_PC);
    }

    static Factory.Named<Cipher> aes128() {
        return new Named("aes128-gcm@openssh.com", 16);
    }

    static Factory.Named<Cipher> aes256() {
        return new Named("aes256-gcm@openssh.com", 32);
    }

    private record Named(String name, int keyBytes) implements Factory.Named<Cipher> {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public Cipher create() {
            return new NativeGcm(keyBytes);
        }
    }

    /** sshj means the length of the key. */
    @Override
    public int getBlockSize() {
        return keyBytes;
    }

    @Override
    public int getIVSize() {
        return NONCE_BYTES;
    }

    @Override
    public int getAuthenticationTagSize() {
        return TAG_BYTES;
    }

    @Override
    public void init(Mode mode, byte[] keyMaterial, byte[] nonceMaterial) {
        encrypts = mode == Mode.Encrypt;
        key = new KeyParameter(Arrays.copyOf(keyMaterial, keyBytes));
        nonce = Arrays.copyOf(nonceMaterial, NONCE_BYTES);
    }

    /** Kept for the packet that follows it. */
    @Override
    public void updateAAD(byte[] data, int offset, int length) {
        lengthField = Arrays.copyOfRange(data, offset, offset + length);
    }

    @Override
    public void updateAAD(byte[] data) {
        updateAAD(data, 0, data.length);
    }

    /** One packet in place: encrypts and appends the tag, or checks the tag that follows and decrypts. */
    @Override
    public void update(byte[] packet, int offset, int length) {
        int input = encrypts ? length : length + TAG_BYTES;
        if (output.length < length + TAG_BYTES) {
            output = new byte[length + TAG_BYTES];
        }
        try {
            AEADParameters parameters = new AEADParameters(key, TAG_BYTES * Byte.SIZE, nonce, lengthField);
            int count = cipher.processPacket(encrypts, parameters, packet, offset, input, output, 0);
            System.arraycopy(output, 0, packet, offset, count);
        } catch (PacketCipherException e) {
            throw new SSHRuntimeException("SSH packet was changed on its way", e);
        }
        // Each nonce is used for one packet; a counter that is used up would need 2^64 of them.
        ByteBuffer counter = ByteBuffer.wrap(nonce);
        counter.putLong(COUNTER_AT, counter.getLong(COUNTER_AT) + 1);
        lengthField = new byte[0];
    }

    @Override
    public void updateWithAAD(byte[] packet, int offset, int aadLength, int length) {
        updateAAD(packet, offset, aadLength);
        update(packet, offset + aadLength, length);
    }

    /** The nonce counts by itself. */
    @Override
    public void setSequenceNumber(long sequence) {}
}
