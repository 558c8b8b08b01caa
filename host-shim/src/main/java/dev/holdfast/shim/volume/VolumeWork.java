package dev.holdfast.shim.volume;

import dev.holdfast.core.source.files.CheckedTar;
import dev.holdfast.core.source.files.EntryKind;
import dev.holdfast.core.source.files.HostFolder;
import dev.holdfast.core.source.files.SelfLink;
import dev.holdfast.core.source.files.TarEntry;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.MountPoint;
import dev.holdfast.shim.docker.MountPoint.Access;
import dev.holdfast.shim.docker.VolumeAccess;
import dev.holdfast.shim.restore.RestoreFailedException;
import dev.holdfast.shim.volume.VolumeSettings.Reach;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A volume under work, mounted into a container that is removed at the end, also by others when this process dies. Also a volume that is
 * reached without the engine has that container: it is part of the proof, and the engine removes no volume that a container has.
 */
final class VolumeWork implements AutoCloseable {
    private final Engine engine;
    private final Journal journal;
    private final Step.Helper helper;
    private final MountPoint mount;
    private final VolumeAccess.Opened opened;
    private final VolumeContent content;

    private VolumeWork(
            Engine engine,
            Journal journal,
            Step.Helper helper,
            MountPoint mount,
            VolumeAccess.Opened opened,
            VolumeContent content) {
        this.engine = engine;
        this.journal = journal;
        this.helper = helper;
        this.mount = mount;
        this.opened = opened;
        this.content = content;
    }

    /** @param journal of the run; stays open when this is closed */
    static VolumeWork open(Engine engine, Journal journal, MountPoint mount, Access access, Reach reach)
            throws IOException {
        Step.Helper helper = new Step.Helper("holdfast-volume-" + UUID.randomUUID());
        journal.intend(helper);
        try {
            VolumeAccess volumes = new VolumeAccess(engine);
            VolumeAccess.Opened opened = volumes.open(helper.name(), mount, access);
            Optional<HostFolder> here =
                    reach == Reach.ENGINE ? Optional.empty() : LocalVolume.find(volumes, opened, mount);
            String told = SavedVolume.told(mount);
            VolumeContent content =
                    here.isPresent() ? new HostContent(here.get(), told) : new EngineContent(opened, told);
            return new VolumeWork(engine, journal, helper, mount, opened, content);
        } catch (IOException | RuntimeException e) {
            try {
                journal.undo(engine, helper);
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    MountPoint mount() {
        return mount;
    }

    /** Reached in the best way there is. */
    VolumeContent content() {
        return content;
    }

    /** Reached through the engine, which is always possible. */
    VolumeContent throughEngine() {
        return new EngineContent(opened, SavedVolume.told(mount));
    }

    /** What is mounted. */
    enum Holding {
        NOTHING,
        DATA,
        /** Not a folder but one file of the host, mounted on its own. */
        SINGLE_FILE
    }

    /** Looks at as little of the archive as it takes. */
    Holding holding() throws IOException {
        try (CheckedTar tar = archive()) {
            TarEntry top = tar.nextEntry()
                    .orElseThrow(() -> new IOException("the engine gave nothing of " + SavedVolume.told(mount)));
            if (top.kind() != EntryKind.DIRECTORY) {
                return Holding.SINGLE_FILE;
            }
            return tar.nextEntry().isEmpty() ? Holding.NOTHING : Holding.DATA;
        }
    }

    /** Removes everything below the top folder. Throws when anything is still there afterwards. */
    void removeAll() throws IOException {
        List<byte[]> links = new ArrayList<>();
        try (CheckedTar tar = archive()) {
            for (Optional<TarEntry> entry = tar.nextEntry(); entry.isPresent(); entry = tar.nextEntry()) {
                if (SelfLink.depth(entry.get()) == 1) {
                    links.add(SelfLink.tar(entry.get()));
                }
            }
        }
        for (byte[] link : links) {
            opened.provokeRemoval(new ByteArrayInputStream(link));
        }
        if (holding() != Holding.NOTHING) {
            throw new RestoreFailedException("the engine did not remove all that " + SavedVolume.told(mount)
                    + " holds: empty it yourself, or restore into a new volume");
        }
    }

    private CheckedTar archive() throws IOException {
        return new CheckedTar(opened.read(), SavedVolume.told(mount));
    }

    @Override
    public void close() throws IOException {
        journal.undo(engine, helper);
    }
}
