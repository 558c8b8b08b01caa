package dev.holdfast.shim.mongo;

import dev.holdfast.core.source.BackupSource;
import dev.holdfast.shim.database.DatabaseType;
import dev.holdfast.shim.database.DumpOptions;
import dev.holdfast.shim.database.ImageName;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.restore.PreparedRestore;
import dev.holdfast.shim.restore.RestoreOptions;
import dev.holdfast.shim.restore.SnapshotStreams;
import java.io.IOException;
import java.util.Set;

/** MongoDB, and Percona's server for it. */
public final class MongoType implements DatabaseType {
    static final String LABEL = "mongodb";

    private static final Set<String> IMAGES = Set.of(
            "mongo",
            "mongodb",
            "mongodb-community-server",
            "mongodb-enterprise-server",
            "percona-server-mongodb",
            "mongodb-sharded",
            "bitnami/mongodb");

    @Override
    public String label() {
        return LABEL;
    }

    @Override
    public String engine() {
        return LABEL;
    }

    @Override
    public String title() {
        return "MongoDB";
    }

    @Override
    public boolean recognises(ImageName image) {
        return image.isAnyOf(IMAGES);
    }

    /** One archive of all: {@code mongodump} reads several collections at the same time by itself. */
    @Override
    public BackupSource open(Engine engine, String container, DumpOptions options) throws IOException {
        return MongoSource.open(engine, container, MongoSettings.fromContainer());
    }

    @Override
    public PreparedRestore prepare(Engine engine, String container, SnapshotStreams snapshot, RestoreOptions options)
            throws IOException {
        return MongoRestore.prepare(engine, container, MongoSettings.fromContainer(), snapshot, options);
    }
}
