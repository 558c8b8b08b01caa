package dev.holdfast.shim.daemon;

import dev.holdfast.core.model.RunId;
import java.security.SecureRandom;

/** Fresh ids of runs. */
final class RunIds {
    private final SecureRandom random;

    RunIds(SecureRandom random) {
        this.random = random;
    }

    RunId next() {
        byte[] id = new byte[RunId.BYTES];
        random.nextBytes(id);
        return RunId.of(id);
    }
}
