package dev.holdfast.shim.discovery;

import dev.holdfast.core.source.BackupSource;
import dev.holdfast.shim.database.DatabaseType;
import dev.holdfast.shim.database.ImageName;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.restore.PreparedRestore;
import dev.holdfast.shim.restore.RestoreOptions;
import dev.holdfast.shim.restore.SnapshotStreams;
import java.util.Set;

/** An engine that is recognised and never opened. */
record TypeByImage(String label, Set<String> images) implements DatabaseType {
    @Override
    public String engine() {
        return label;
    }

    @Override
    public String title() {
        return label;
    }

    @Override
    public boolean recognises(ImageName image) {
        return image.isAnyOf(images);
    }

    @Override
    public BackupSource open(Engine engine, String container) {
        throw new UnsupportedOperationException("discovery opens nothing");
    }

    @Override
    public PreparedRestore prepare(
            Engine engine, String container, SnapshotStreams snapshot, RestoreOptions options) {
        throw new UnsupportedOperationException("discovery opens nothing");
    }
}
