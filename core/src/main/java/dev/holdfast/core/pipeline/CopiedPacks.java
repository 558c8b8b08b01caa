package dev.holdfast.core.pipeline;

import dev.holdfast.core.model.PackId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.repository.PackRef;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The packs of one source that a copy has, by a listing that is renewed before it is built upon. */
final class CopiedPacks {
    /** A removal in the copy could take a pack between the listing and the snapshot that needs it; so the listing is never older. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    private final Repository copy;
    private final SourceName source;
    private final Clock clock;
    private final Map<PackId, Long> sizes = new HashMap<>();
    private Instant listed = Instant.MIN;

    CopiedPacks(Repository copy, SourceName source, Clock clock) throws IOException {
        this.copy = copy;
        this.source = source;
        this.clock = clock;
        list();
    }

    SourceName source() {
        return source;
    }

    private void list() throws IOException {
        Instant now = clock.instant();
        sizes.clear();
        for (Map.Entry<PackId, StoredObject> pack : copy.listPacks(source).entrySet()) {
            sizes.put(pack.getKey(), pack.getValue().bytes());
        }
        listed = now;
    }

    /** What is not there with its length. */
    List<PackRef> absent(List<PackRef> packs) {
        return packs.stream().filter(pack -> !isThere(pack)).toList();
    }

    private boolean isThere(PackRef pack) {
        Long bytes = sizes.get(pack.id());
        return bytes != null && bytes == pack.bytes();
    }

    /** The same after another look, if the last one was too long ago. */
    List<PackRef> absentNow(List<PackRef> packs) throws IOException {
        if (clock.instant().isAfter(listed.plus(FRESH))) {
            list();
        }
        return absent(packs);
    }

    /** These were just put. */
    void add(List<PackRef> packs) {
        packs.forEach(pack -> sizes.put(pack.id(), pack.bytes()));
    }
}
