package dev.holdfast.shim.restore;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** The streams of one snapshot and the evidence sealed with it. */
public interface SnapshotStreams {
    /** In the order in which they were backed up. */
    List<String> names();

    /** The stream from its beginning; each byte has been authenticated, and a read throws where that fails. May be opened again. */
    InputStream open(String name) throws IOException;

    /** What {@link dev.holdfast.core.source.BackupSource#evidence()} gave. */
    Map<String, Object> evidence();
}
