package dev.holdfast.shim.cli;

import dev.holdfast.core.pipeline.RunProgress;
import dev.holdfast.core.pipeline.SnapshotReader;
import dev.holdfast.core.repository.RecipeStream;
import dev.holdfast.shim.restore.SnapshotStreams;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** A snapshot of a repository as what a restore reads from. */
final class ReaderStreams implements SnapshotStreams {
    private final SnapshotReader reader;
    private final RunProgress progress;

    ReaderStreams(SnapshotReader reader, RunProgress progress) {
        this.reader = reader;
        this.progress = progress;
    }

    @Override
    public List<String> names() {
        return reader.recipe().streams().stream().map(RecipeStream::name).toList();
    }

    @Override
    public InputStream open(String name) throws IOException {
        RecipeStream stream = reader.recipe().streams().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NotFoundException("the snapshot has no stream " + name));
        return reader.open(stream, progress);
    }

    @Override
    public Map<String, Object> evidence() {
        return reader.recipe().evidence();
    }
}
