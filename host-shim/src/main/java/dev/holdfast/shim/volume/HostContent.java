package dev.holdfast.shim.volume;

import dev.holdfast.core.source.NamedStream;
import dev.holdfast.core.source.files.CheckedTar;
import dev.holdfast.core.source.files.FolderSource;
import dev.holdfast.core.source.files.HostFolder;
import dev.holdfast.core.source.files.TarArchive;
import dev.holdfast.core.source.files.TarExtractor;
import dev.holdfast.core.source.files.TarExtractor.Existing;
import dev.holdfast.core.source.files.TarPlace;
import dev.holdfast.core.source.files.TarSelection;
import dev.holdfast.shim.docker.VolumeAccess;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** In the folder of this host that the volume is. */
record HostContent(HostFolder folder, String told) implements VolumeContent {
    @Override
    public Way way() {
        return Way.HOST;
    }

    @Override
    public VolumeReading read() throws IOException {
        FolderSource source = FolderSource.ofContainerFiles(folder, VolumeAccess.ROOT);
        NamedStream stream = source.next().orElseThrow();
        return new VolumeReading(new CheckedTar(stream.source().open(), told), Optional.of(source));
    }

    @Override
    public List<String> write(TarArchive archive, TarSelection selection) throws IOException {
        return TarExtractor.extract(archive, new TarPlace(folder, ""), Existing.REPLACE, selection)
                .warnings();
    }
}
