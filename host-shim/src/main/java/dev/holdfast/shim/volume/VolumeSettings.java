package dev.holdfast.shim.volume;

import java.util.Optional;

/**
 * How volumes are backed up.
 *
 * @param quiet what is done with running containers; empty: what the label of each says
 * @param binds of one container
 * @param hostBefore run on this host once the containers are quiet, for example {@code fsfreeze}
 * @param hostAfter run so before they go on, also after a failure
 * @param reach how volumes may be reached
 */
public record VolumeSettings(
        Optional<Quiet> quiet, Binds binds, Optional<HostHook> hostBefore, Optional<HostHook> hostAfter, Reach reach) {
    /** Folders and files of the host that a container has mounted. */
    public enum Binds {
        LEFT_OUT,
        INCLUDED
    }

    /** How volumes are reached, in backups and restores. */
    public enum Reach {
        /** As folders of this host where they are proved to be that, and through the engine elsewhere. */
        BEST,
        /** Through the engine alone. */
        ENGINE
    }

    /** As the containers' labels say, without bind mounts and host hooks. */
    public static VolumeSettings byLabels() {
        return new VolumeSettings(Optional.empty(), Binds.LEFT_OUT, Optional.empty(), Optional.empty(), Reach.BEST);
    }
}
