package dev.holdfast.shim.volume;

import dev.holdfast.core.source.files.CheckedTar;
import dev.holdfast.core.source.files.EntryKind;
import dev.holdfast.core.source.files.SelfLink;
import dev.holdfast.core.source.files.TarEntry;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.MountPoint;
import dev.holdfast.shim.docker.MountPoint.Access;
import dev.holdfast.shim.docker.VolumeAccess;
import dev.holdfast.shim.restore.RestoreFailedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A volume under work, through a container that is removed at the end, also by others when this process dies. */
final class VolumeWork implements AutoCloseable {
    private final Engine engine;
    private final Journal journal;
    private final MountPoint mount;
    private final VolumeAccess.Opened opened;

    private VolumeWork(Engine engine, Journal journal, MountPoint mount, VolumeAccess.Opened opened) {
        this.engine = engine;
        this.journal = journal;
        this.mount = mount;
        this.opened = opened;
    }

    static VolumeWork open(Engine engine, Path journals, MountPoint mount, Access access) throws IOException {
        Journal journal = Journal.begin(journals, engine.endpoint());
        try {
            Step.Helper helper = new Step.Helper(VolumesSource.newHelperName());
            journal.intend(helper);
            return new VolumeWork(engine, journal, mount, new VolumeAccess(engine).open(helper.name(), mount, access));
        } catch (IOException | RuntimeException e) {
            journal.undoAll(engine).forEach(said -> e.addSuppressed(new IOException(said)));
            journal.close();
            throw e;
        }
    }

    CheckedTar read() throws IOException {
        return new CheckedTar(opened.read(), SavedVolume.told(mount));
    }

    void write(InputStream tar) throws IOException {
        opened.write(tar);
    }

    /** What is mounted. */
    enum Content {
        EMPTY,
        HOLDS_DATA,
        /** Not a folder but one file of the host, mounted on its own. */
        SINGLE_FILE
    }

    /** Looks at as little of the archive as it takes. */
    Content content() throws IOException {
        try (CheckedTar tar = read()) {
            TarEntry top = tar.nextEntry()
                    .orElseThrow(() -> new IOException("the engine gave nothing of " + SavedVolume.told(mount)));
            if (top.kind() != EntryKind.DIRECTORY) {
                return Content.SINGLE_FILE;
            }
            return tar.nextEntry().isEmpty() ? Content.EMPTY : Content.HOLDS_DATA;
        }
    }

    /** Removes everything below the top folder. Throws when anything is still there afterwards. */
    void removeAll() throws IOException {
        List<byte[]> links = new ArrayList<>();
        try (CheckedTar tar = read()) {
            for (Optional<TarEntry> entry = tar.nextEntry(); entry.isPresent(); entry = tar.nextEntry()) {
                if (SelfLink.depth(entry.get()) == 1) {
                    links.add(SelfLink.tar(entry.get()));
                }
            }
        }
        for (byte[] link : links) {
            opened.provokeRemoval(new ByteArrayInputStream(link));
        }
        if (content() != Content.EMPTY) {
            throw new RestoreFailedException("the engine did not remove all that " + SavedVolume.told(mount)
                    + " holds: empty it yourself, or restore into a new volume");
        }
    }

    @Override
    public void close() throws IOException {
        try (journal) {
            List<String> said = journal.undoAll(engine);
            if (!said.isEmpty()) {
                throw new IOException(String.join("; ", said));
            }
        }
    }
}
