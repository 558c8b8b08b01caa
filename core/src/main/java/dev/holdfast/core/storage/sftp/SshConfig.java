package dev.holdfast.core.storage.sftp;

import com.hierynomus.sshj.key.KeyAlgorithm;
import com.hierynomus.sshj.key.KeyAlgorithms;
import com.hierynomus.sshj.transport.cipher.BlockCiphers;
import com.hierynomus.sshj.transport.cipher.ChachaPolyCiphers;
import com.hierynomus.sshj.transport.cipher.GcmCiphers;
import com.hierynomus.sshj.transport.kex.DHGroups;
import com.hierynomus.sshj.transport.kex.ExtInfoClientFactory;
import com.hierynomus.sshj.transport.mac.Macs;
import com.hierynomus.sshj.userauth.keyprovider.OpenSSHKeyV1KeyFile;
import java.security.Security;
import java.util.List;
import java.util.Set;
import net.schmizz.keepalive.KeepAliveProvider;
import net.schmizz.sshj.ConfigImpl;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.LoggerFactory;
import net.schmizz.sshj.common.SecurityUtils;
import net.schmizz.sshj.transport.compression.NoneCompression;
import net.schmizz.sshj.transport.kex.Curve25519SHA256;
import net.schmizz.sshj.transport.kex.DHGexSHA256;
import net.schmizz.sshj.transport.kex.ECDHNistP;
import net.schmizz.sshj.transport.random.JCERandom;
import net.schmizz.sshj.transport.random.SingletonRandomFactory;
import net.schmizz.sshj.userauth.keyprovider.OpenSSHKeyFile;
import net.schmizz.sshj.userauth.keyprovider.PKCS8KeyFile;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

/**
 * The algorithms we speak, in our order: AES-GCM first because it is the fastest here, nothing with SHA-1 or DSA.
 *
 * <p>Loading this class changes two things of the whole process, once. sshj is told to use the JDK's own cryptography
 * (its default, Bouncy Castle through JCA, is several times slower), which concerns sshj alone. And Bouncy Castle is
 * appended as the <em>last</em> JCA provider, unless there is one, because sshj asks for ECDSA keys and
 * ChaCha by names that only Bouncy Castle knows; being last, it answers only for what no other provider has.
 */
final class SshConfig extends ConfigImpl {
    static {
        SecurityUtils.setRegisterBouncyCastle(false);
        SecurityUtils.setSecurityProvider(null);
        if (Security.getProvider(BouncyCastleProvider.PROVIDER_NAME) == null) {
            Security.addProvider(new LateBouncyCastle());
        }
    }

    /** sshj's running commentary names hosts and users, and what matters in it comes to us as exceptions. */
    private static final LoggerFactory SILENT = new LoggerFactory() {
        @Override
        public Logger getLogger(String name) {
            return NOPLogger.NOP_LOGGER;
        }

        @Override
        public Logger getLogger(Class<?> type) {
            return NOPLogger.NOP_LOGGER;
        }
    };

    /** @param refusedHostKeys algorithm names not to be offered for the server's key */
    SshConfig(Set<String> refusedHostKeys) {
        setLoggerFactory(SILENT);
        setVersion("Holdfast");
        setRandomFactory(new SingletonRandomFactory(new JCERandom.Factory()));
        setKeepAliveProvider(KeepAliveProvider.KEEP_ALIVE);
        setKeyExchangeFactories(List.of(
                new Curve25519SHA256.Factory(),
                new Curve25519SHA256.FactoryLibSsh(),
                new ECDHNistP.Factory256(),
                new ECDHNistP.Factory384(),
                new ECDHNistP.Factory521(),
                DHGroups.Group16SHA512(),
                DHGroups.Group18SHA512(),
                new DHGexSHA256.Factory(),
                DHGroups.Group14SHA256(),
                new ExtInfoClientFactory()));
        setKeyAlgorithms(hostKeyAlgorithms(refusedHostKeys));
        setCipherFactories(List.of(
                NativeGcm.isAvailable() ? NativeGcm.aes128() : GcmCiphers.AES128GCM(),
                NativeGcm.isAvailable() ? NativeGcm.aes256() : GcmCiphers.AES256GCM(),
                ChachaPolyCiphers.CHACHA_POLY_OPENSSH(),
                BlockCiphers.AES128CTR(),
                BlockCiphers.AES192CTR(),
                BlockCiphers.AES256CTR()));
        setMACFactories(List.of(Macs.HMACSHA2256Etm(), Macs.HMACSHA2512Etm(), Macs.HMACSHA2256(), Macs.HMACSHA2512()));
        setCompressionFactories(List.of(new NoneCompression.Factory()));
        setFileKeyProviderFactories(
                List.of(new OpenSSHKeyV1KeyFile.Factory(), new PKCS8KeyFile.Factory(), new OpenSSHKeyFile.Factory()));
    }

    private static List<Factory.Named<KeyAlgorithm>> hostKeyAlgorithms(Set<String> refused) {
        List<Factory.Named<KeyAlgorithm>> all = List.of(
                KeyAlgorithms.EdDSA25519(),
                KeyAlgorithms.ECDSASHANistp256(),
                KeyAlgorithms.ECDSASHANistp384(),
                KeyAlgorithms.ECDSASHANistp521(),
                KeyAlgorithms.RSASHA512(),
                KeyAlgorithms.RSASHA256());
        return all.stream().filter(one -> !refused.contains(one.getName())).toList();
    }
}
