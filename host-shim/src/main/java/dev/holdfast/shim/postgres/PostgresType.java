package dev.holdfast.shim.postgres;

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

/** PostgreSQL, and what is built on it and keeps its tools. */
public final class PostgresType implements DatabaseType {
    private static final Set<String> IMAGES = Set.of(
            "postgres",
            "postgresql",
            "postgresql-repmgr",
            "percona-distribution-postgresql",
            "timescaledb",
            "timescaledb-ha",
            "postgis",
            "pgvector",
            "supabase/postgres",
            "pgvecto-rs",
            "vectorchord",
            "citus",
            "paradedb");

    @Override
    public String label() {
        return "postgres";
    }

    @Override
    public String engine() {
        return "postgresql";
    }

    @Override
    public String title() {
        return "PostgreSQL";
    }

    @Override
    public boolean recognises(ImageName image) {
        return image.isAnyOf(IMAGES);
    }

    @Override
    public boolean canReadReplica() {
        return true;
    }

    @Override
    public BackupSource open(Engine engine, String container, DumpOptions options) throws IOException {
        return PostgresSource.open(engine, container, PostgresSettings.fromContainer(), options);
    }

    @Override
    public PreparedRestore prepare(Engine engine, String container, SnapshotStreams snapshot, RestoreOptions options)
            throws IOException {
        return PostgresRestore.prepare(engine, container, PostgresSettings.fromContainer(), snapshot, options);
    }
}
