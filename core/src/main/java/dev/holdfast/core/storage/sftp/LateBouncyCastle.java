package dev.holdfast.core.storage.sftp;

import java.security.Provider;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;

/**
 * Bouncy Castle as a JCA provider that is loaded when first asked. Being the last of all providers it is asked only for
 * what no other has, which is seldom, and loading it takes a second or two of processor time.
 */
final class LateBouncyCastle extends Provider {
    private static final long serialVersionUID = 1L;

    private transient @Nullable Provider loaded;
    private transient boolean loading;

    LateBouncyCastle() {
        super("LateBouncyCastle", "1", "Bouncy Castle, loaded when first asked");
    }

    @Override
    public synchronized @Nullable Service getService(String type, String algorithm) {
        Provider provider = loaded;
        if (provider == null) {
            if (loading) {
                return null; // Bouncy Castle's own questions while it loads
            }
            loading = true;
            provider = new BouncyCastleProvider();
            loaded = provider;
        }
        return provider.getService(type, algorithm);
    }
}
