package dev.holdfast.shim.volume;

import dev.holdfast.core.source.files.CheckedTar;
import dev.holdfast.core.source.files.TarArchive;
import dev.holdfast.core.source.files.TarExcerpt;
import dev.holdfast.core.source.files.TarSelection;
import dev.holdfast.shim.docker.VolumeAccess;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Through the engine: works wherever it is. */
record EngineContent(VolumeAccess.Opened opened, String told) implements VolumeContent {
    @Override
    public Way way() {
        return Way.ENGINE;
    }

    @Override
    public VolumeReading read() throws IOException {
        return new VolumeReading(new CheckedTar(opened.read(), told), Optional.empty());
    }

    @Override
    public List<String> write(TarArchive archive, TarSelection selection) throws IOException {
        try (InputStream tar = selection.isAll() ? archive.source().open() : TarExcerpt.of(archive, selection)) {
            opened.write(tar);
        }
        return List.of();
    }
}
