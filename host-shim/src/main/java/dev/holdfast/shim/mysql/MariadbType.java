package dev.holdfast.shim.mysql;

import dev.holdfast.core.source.BackupSource;
import dev.holdfast.shim.database.DatabaseType;
import dev.holdfast.shim.database.ImageName;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.restore.PreparedRestore;
import dev.holdfast.shim.restore.RestoreOptions;
import dev.holdfast.shim.restore.SnapshotStreams;
import java.io.IOException;

/** MariaDB, Galera clusters of it too. */
public final class MariadbType implements DatabaseType {
    private final Flavour flavour = Flavour.MARIADB;

    @Override
    public String label() {
        return flavour.label();
    }

    @Override
    public String engine() {
        return flavour.label();
    }

    @Override
    public String title() {
        return flavour.title();
    }

    @Override
    public boolean recognises(ImageName image) {
        return image.isAnyOf(flavour.images());
    }

    @Override
    public BackupSource open(Engine engine, String container) throws IOException {
        return MysqlSource.open(engine, container, flavour, MysqlSettings.fromContainer());
    }

    @Override
    public PreparedRestore prepare(Engine engine, String container, SnapshotStreams snapshot, RestoreOptions options)
            throws IOException {
        return MysqlRestore.prepare(engine, container, flavour, MysqlSettings.fromContainer(), snapshot, options);
    }
}
