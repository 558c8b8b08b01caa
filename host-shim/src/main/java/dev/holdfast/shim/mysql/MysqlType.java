package dev.holdfast.shim.mysql;

import dev.holdfast.core.source.BackupSource;
import dev.holdfast.shim.database.DatabaseType;
import dev.holdfast.shim.database.DumpOptions;
import dev.holdfast.shim.database.ImageName;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.restore.PreparedRestore;
import dev.holdfast.shim.restore.RestoreOptions;
import dev.holdfast.shim.restore.SnapshotStreams;
import java.io.IOException;

/** MySQL with Percona's servers, or MariaDB with Galera clusters of it: two types, which differ in their {@link Flavour}. */
public final class MysqlType implements DatabaseType {
    private final Flavour flavour;

    private MysqlType(Flavour flavour) {
        this.flavour = flavour;
    }

    public static MysqlType mysql() {
        return new MysqlType(Flavour.MYSQL);
    }

    public static MysqlType mariadb() {
        return new MysqlType(Flavour.MARIADB);
    }

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
    public BackupSource open(Engine engine, String container, DumpOptions options) throws IOException {
        return MysqlSource.open(engine, container, flavour, MysqlSettings.fromContainer(), options);
    }

    @Override
    public PreparedRestore prepare(Engine engine, String container, SnapshotStreams snapshot, RestoreOptions options)
            throws IOException {
        return MysqlRestore.prepare(engine, container, flavour, MysqlSettings.fromContainer(), snapshot, options);
    }
}
