package dev.holdfast.core.pipeline;

import dev.holdfast.core.crypto.ChunkCipher;
import dev.holdfast.core.crypto.Identity;
import dev.holdfast.core.crypto.RunKey;
import dev.holdfast.core.crypto.WrongKeyException;
import dev.holdfast.core.repository.RunKeys;
import dev.holdfast.core.repository.SnapshotHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The run keys of a snapshot, opened. */
final class SnapshotKeys {
    private final List<RunKey> keys;

    private SnapshotKeys(List<RunKey> keys) {
        this.keys = keys;
    }

    /**
     * Opens every run key that the snapshot needs.
     *
     * @throws WrongKeyException when one of them is sealed to none of the identities
     */
    static SnapshotKeys open(SnapshotHeader header, List<Identity> identities) throws IOException {
        List<RunKey> keys = new ArrayList<>();
        for (RunKeys run : header.runs()) {
            keys.add(RunKey.open(identities, run.keys(), header.repository(), run.run())
                    .orElseThrow(
                            () -> new WrongKeyException(header.key() + ": this key does not open it: its data of run "
                                    + run.run() + " is sealed to other recipients")));
        }
        return new SnapshotKeys(keys);
    }

    /** A cipher for each run, for one thread. */
    List<ChunkCipher> ciphers() {
        return keys.stream().map(RunKey::chunkCipher).toList();
    }
}
