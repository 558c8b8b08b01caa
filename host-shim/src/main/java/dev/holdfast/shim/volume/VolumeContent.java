package dev.holdfast.shim.volume;

import dev.holdfast.core.source.files.TarArchive;
import dev.holdfast.core.source.files.TarSelection;
import java.io.IOException;
import java.util.List;

/** What a mounted volume holds: out as one archive, and back from one. All archives have the root that the engine gives them. */
sealed interface VolumeContent permits EngineContent, HostContent {
    Way way();

    /** All of it. The caller closes it. */
    VolumeReading read() throws IOException;

    /**
     * Puts entries of an archive into the volume: what has their names is replaced, everything else stays.
     *
     * @return what could not be restored as it was
     */
    List<String> write(TarArchive archive, TarSelection selection) throws IOException;
}
