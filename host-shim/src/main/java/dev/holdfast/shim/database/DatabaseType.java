package dev.holdfast.shim.database;

import dev.holdfast.core.source.BackupSource;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.restore.PreparedRestore;
import dev.holdfast.shim.restore.RestoreOptions;
import dev.holdfast.shim.restore.SnapshotStreams;
import java.io.IOException;

/** A kind of database server in a container. Each engine's package has one, and the command line lists them all. */
public interface DatabaseType {
    /** The value of the label {@code holdfast.source} and of {@code --type}, for example {@code postgres}. */
    String label();

    /** What {@link BackupSource#engine()} says of its snapshots, for example {@code postgresql}. */
    String engine();

    /** For people, for example {@code PostgreSQL}. */
    String title();

    /** Whether containers of this image are such servers, by the image's name alone. */
    boolean recognises(ImageName image);

    /** Whether {@link #open} reads from a replica that {@link Replicas#LABEL} names. Where it does not, such a replica is refused. */
    default boolean canReadReplica() {
        return false;
    }

    /**
     * Connects to the server in a running container, as the container's own settings say, and keeps to its {@link Exclusion#LABEL}. Throws {@link
     * dev.holdfast.shim.docker.EngineException} with one sentence that says what is wrong.
     */
    BackupSource open(Engine engine, String container, DumpOptions options) throws IOException;

    /** Looks at the snapshot and at the server; changes nothing. Throws when either lacks what is asked for. */
    PreparedRestore prepare(Engine engine, String container, SnapshotStreams snapshot, RestoreOptions options)
            throws IOException;
}
