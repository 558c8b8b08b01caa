package dev.holdfast.core.pipeline;

import java.util.List;

/**
 * What a check found.
 *
 * @param snapshots read and found whole in structure
 * @param packs that snapshots need
 * @param packsRead packs whose bytes were read and compared with their name
 * @param bytesRead bytes of packs read
 * @param chunksOpened chunks that were opened with a key and compared with their id
 * @param unneededPacks packs that no snapshot needs: garbage, not damage
 * @param problems each names the object and what is wrong; empty when all is well
 */
public record CheckReport(
        int snapshots,
        int packs,
        int packsRead,
        long bytesRead,
        long chunksOpened,
        int unneededPacks,
        List<String> problems) {
    public CheckReport {
        problems = List.copyOf(problems);
    }

    public boolean isClean() {
        return problems.isEmpty();
    }
}
