package dev.holdfast.core.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates made for one run of the tests by the JDK's keytool, all but one by the same authority. */
public final class TestCertificates {
    /** What is wrong with a server's certificate. */
    public enum Flaw {
        NONE,
        EXPIRED,
        WRONG_NAME,
        UNKNOWN_AUTHORITY
    }

    private static final String PASSWORD = "only-for-tests";
    private static final String NAMES = "san=dns:localhost,ip:127.0.0.1,ip:127.0.0.2,ip:0:0:0:0:0:0:0:1";

    private final Path folder;

    private TestCertificates(Path folder) {
        this.folder = folder;
    }

    public static TestCertificates in(Path folder) throws IOException {
        TestCertificates made = new TestCertificates(folder);
        made.generate("ca", "-dname", "CN=Test authority", "-ext", "bc:c");
        made.write("ca");
        return made;
    }

    /** The authority to trust. */
    public Path authority() {
        return folder.resolve("ca/cert.pem");
    }

    /** A folder with cert.pem and key.pem, made when it is first asked for. */
    public Path server(Flaw flaw) throws IOException {
        String alias = flaw.name().toLowerCase(Locale.ROOT);
        if (!Files.exists(folder.resolve(alias))) {
            switch (flaw) {
                case NONE -> generate(alias, "-dname", "CN=server", "-signer", "ca", "-ext", NAMES);
                case EXPIRED ->
                    generate(alias, "-dname", "CN=server", "-signer", "ca", "-ext", NAMES, "-startdate", "-40d");
                case WRONG_NAME ->
                    generate(alias, "-dname", "CN=127.0.0.1", "-signer", "ca", "-ext", "san=dns:other.example");
                case UNKNOWN_AUTHORITY -> generate(alias, "-dname", "CN=server", "-ext", NAMES);
            }
            write(alias);
        }
        return folder.resolve(alias);
    }

    /** For a server in this Java. */
    public SSLContext serverContext(Flaw flaw) throws IOException {
        server(flaw);
        try (InputStream in = Files.newInputStream(folder.resolve("keys.p12"))) {
            String alias = flaw.name().toLowerCase(Locale.ROOT);
            KeyStore all = KeyStore.getInstance("PKCS12");
            all.load(in, PASSWORD.toCharArray());
            KeyStore one = KeyStore.getInstance("PKCS12");
            one.load(null, null);
            one.setKeyEntry(
                    alias,
                    all.getKey(alias, PASSWORD.toCharArray()),
                    PASSWORD.toCharArray(),
                    all.getCertificateChain(alias));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(one, PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("certificates cannot be used", e);
        }
    }

    /** For a client that believes the authority, and nobody else. */
    public SSLContext clientContext() throws IOException {
        try (InputStream in = Files.newInputStream(authority())) {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("certificates cannot be used", e);
        }
    }

    private void generate(String alias, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "30",
                "-keystore",
                folder.resolve("keys.p12").toString(),
                "-storepass:env",
                "KEYS_PASSWORD"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("KEYS_PASSWORD", PASSWORD);
        Process keytool = builder.start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IOException("keytool failed: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool ran", e);
        }
    }

    private void write(String alias) throws IOException {
        Path target = Files.createDirectories(folder.resolve(alias));
        try (InputStream in = Files.newInputStream(folder.resolve("keys.p12"))) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            pem(
                    target.resolve("cert.pem"),
                    "CERTIFICATE",
                    keys.getCertificate(alias).getEncoded());
            pem(
                    target.resolve("key.pem"),
                    "PRIVATE KEY",
                    keys.getKey(alias, PASSWORD.toCharArray()).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IOException("certificates cannot be written", e);
        }
    }

    private static void pem(Path file, String what, byte[] content) throws IOException {
        Files.writeString(
                file,
                "-----BEGIN " + what + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                        + "\n-----END " + what + "-----\n");
    }
}
