package dev.holdfast.core.crypto;

import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.RunId;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/** The key of one backup run: seals that run's chunks, is wrapped to every recipient, and is forgotten by the host afterwards. */
public final class RunKey {
    private final SymmetricKey key;
    private final RunId run;

    private RunKey(SymmetricKey key, RunId run) {
        this.key = key;
        this.run = run;
    }

    public static RunKey generate(RunId run, SecureRandom random) {
        return new RunKey(SymmetricKey.random(random), run);
    }

    public static RunKey of(RunId run, byte[] bytes) {
        return new RunKey(SymmetricKey.of(bytes), run);
    }

    public RunId run() {
        return run;
    }

    public WrappedKey wrapFor(Recipient recipient, RepositoryId repository, SecureRandom random) {
        return recipient.wrap(new Wrapping(key, KeyContext.runKey(repository, run), random));
    }

    /** Opens a run's key with any of the identities; empty when it is wrapped to none of them. */
    public static Optional<RunKey> open(
            List<Identity> identities, List<WrappedKey> keys, RepositoryId repository, RunId run)
            throws AuthenticationFailedException {
        Identity.Context context = new Identity.Context(KeyContext.runKey(repository, run));
        return Identity.openAny(identities, keys, context).map(opened -> new RunKey(opened.key(), run));
    }

    /** A cipher for chunks; one for each thread. */
    public ChunkCipher chunkCipher() {
        return new ChunkCipher(key.deriveKey("chunk"), run);
    }

    @Override
    public String toString() {
        return "***";
    }
}
