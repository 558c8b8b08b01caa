package dev.holdfast.shim.cli;

import dev.holdfast.shim.volume.VolumeSettings.Reach;
import picocli.CommandLine.Option;

/** How {@code backup} and {@code restore} may reach volumes. */
final class ReachOption {
    @Option(
            names = "--through-engine",
            description =
                    "reach volumes through the Docker engine alone; default: as folders of this host, where that is possible and proved,"
                            + " which keeps more")
    private boolean throughEngine;

    boolean given() {
        return throughEngine;
    }

    Reach reach() {
        return throughEngine ? Reach.ENGINE : Reach.BEST;
    }
}
