package dev.holdfast.core.repository;

import dev.holdfast.core.crypto.WrappedKey;
import dev.holdfast.core.model.RunId;
import java.util.List;

/** The key of a run, wrapped to every recipient it had. */
public record RunKeys(RunId run, List<WrappedKey> keys) {
    public RunKeys {
        keys = List.copyOf(keys);
    }
}
