package dev.holdfast.shim.volume;

import dev.holdfast.core.source.files.TarArchive;
import dev.holdfast.core.source.files.TarReport;
import dev.holdfast.core.source.files.TarSelection;
import dev.holdfast.shim.docker.ContainerControl;
import dev.holdfast.shim.docker.ContainerControl.Inspected;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.MountPoint;
import dev.holdfast.shim.docker.MountPoint.Access;
import dev.holdfast.shim.docker.MountPoint.Kind;
import dev.holdfast.shim.docker.VolumeAccess;
import dev.holdfast.shim.restore.PreparedRestore;
import dev.holdfast.shim.restore.RestoreFailedException;
import dev.holdfast.shim.restore.RestoreReport;
import dev.holdfast.shim.restore.SnapshotStreams;
import dev.holdfast.shim.volume.VolumeSettings.Reach;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Restores what {@link VolumesSource} backed up. Running containers that have a target mounted are stopped first, and started again only when
 * all is back and was read again: each archive that comes out must agree with the one that went in. After a failure, or a death of this
 * process, they stay stopped: nobody should start on half of its data.
 */
public final class VolumesRestore implements PreparedRestore {
    /** What becomes of data that is in a volume before a restore. */
    public enum Present {
        /** Then there is no restore. */
        REFUSE,
        /** It is removed first, all of it. */
        REMOVE
    }

    private static final String ONE_FILE =
            "it is one file, which the engine cannot put back; write it out with holdfast restore --to-folder, or dump --stream ";

    private final Engine engine;
    private final Path journals;
    private final SnapshotStreams snapshot;
    private final Present present;
    private final Reach reach;
    private final List<Target> targets;
    private final List<Inspected> running;

    private VolumesRestore(
            Engine engine,
            Path journals,
            SnapshotStreams snapshot,
            Present present,
            Reach reach,
            List<Target> targets,
            List<Inspected> running) {
        this.engine = engine;
        this.journals = journals;
        this.snapshot = snapshot;
        this.present = present;
        this.reach = reach;
        this.targets = targets;
        this.running = running;
    }

    /** One volume and where it goes. */
    private record Target(SavedVolume saved, MountPoint mount, Now now) {}

    /** What is in a target before the restore. */
    private enum Now {
        MISSING,
        EMPTY,
        HOLDS_DATA,
        /** One file of the host. The engine puts archives into folders only, so it is left as it is. */
        SINGLE_FILE
    }

    /**
     * Finds the targets; changes nothing.
     *
     * @param journals as {@link Leftovers#folder} has it
     * @param to of a container's volumes: a container that has volumes mounted where the old one had them; of one volume: a
     *     volume, which is made when it is not there; empty: where they were
     */
    public static VolumesRestore prepare(
            Engine engine, Path journals, Optional<String> to, SnapshotStreams snapshot, Present present, Reach reach)
            throws IOException {
        VolumeTargets found = VolumeTargets.find(engine, to, snapshot, SavedVolume.all(snapshot.evidence()));
        List<Target> targets = new ArrayList<>();
        for (VolumeTargets.Target one : found.targets()) {
            targets.add(new Target(one.saved(), one.mount(), now(engine, journals, one.mount())));
        }
        return new VolumesRestore(engine, journals, snapshot, present, reach, targets, found.running());
    }

    private static Now now(Engine engine, Path journals, MountPoint mount) throws IOException {
        if (mount.kind() == Kind.VOLUME
                && new VolumeAccess(engine).find(mount.name()).isEmpty()) {
            return Now.MISSING;
        }
        try (Journal journal = Journal.begin(journals, engine.endpoint());
                VolumeWork work = VolumeWork.open(engine, journal, mount, Access.READ, Reach.ENGINE)) {
            return switch (work.holding()) {
                case NOTHING -> Now.EMPTY;
                case DATA -> Now.HOLDS_DATA;
                case SINGLE_FILE -> Now.SINGLE_FILE;
            };
        }
    }

    @Override
    public List<String> plan() {
        List<String> plan = new ArrayList<>();
        running.forEach(one -> plan.add("stop container " + one.name() + ", and start it again at the end"));
        for (Target target : targets) {
            String where = SavedVolume.told(target.mount());
            String from =
                    target.saved().entries() + " entries from " + target.saved().told();
            plan.add(
                    switch (target.now()) {
                        case SINGLE_FILE -> "leave " + where + " as it is: " + ONE_FILE + target.saved().stream();
                        case MISSING -> "make " + where + ": " + from;
                        case EMPTY -> "fill " + where + ", which is empty: " + from;
                        case HOLDS_DATA ->
                            present == Present.REMOVE
                                    ? "remove all that " + where + " holds now, then fill it: " + from
                                    : where + " holds data: this restore refuses it without --empty-first";
                    });
        }
        plan.add("read each back and compare it with the backup");
        return plan;
    }

    @Override
    public RestoreReport run() throws IOException {
        for (Target target : targets) {
            if (target.now() == Now.HOLDS_DATA && present == Present.REFUSE) {
                throw new RestoreFailedException(SavedVolume.told(target.mount())
                        + " holds data, and nothing was changed: say --empty-first to have it removed, or restore into another"
                        + " container or volume with --to, or files of it with --path");
            }
        }
        ContainerControl control = new ContainerControl(engine);
        List<RestoreReport.Folder> done = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        String at = "";
        try {
            for (Inspected one : running) {
                at = "container " + one.name();
                control.stop(one.container());
            }
            for (Target target : targets) {
                at = SavedVolume.told(target.mount());
                if (target.now() == Now.SINGLE_FILE) {
                    warnings.add(at + " was left as it is: " + ONE_FILE + target.saved().stream());
                } else {
                    done.add(restore(target, warnings));
                }
            }
            for (Inspected one : running.reversed()) {
                at = "container " + one.name();
                control.start(one.container());
            }
        } catch (IOException e) {
            throw new RestoreFailedException(
                    "the restore failed at " + at + ", after " + done.size() + " of " + targets.size()
                            + " volumes: " + e.getMessage() + ". That volume may hold a part of the backup; "
                            + (running.isEmpty() ? "no container was stopped" : "stopped containers were left stopped")
                            + ". Do it again with --empty-first",
                    e);
        }
        return new RestoreReport(List.of(), done, warnings);
    }

    private RestoreReport.Folder restore(Target target, List<String> warnings) throws IOException {
        SavedVolume saved = target.saved();
        String told = SavedVolume.told(target.mount());
        if (target.now() == Now.MISSING) {
            new VolumeAccess(engine).create(target.mount().name());
        }
        try (Journal journal = Journal.begin(journals, engine.endpoint());
                VolumeWork work = VolumeWork.open(engine, journal, target.mount(), Access.WRITE, reach)) {
            if (target.now() == Now.HOLDS_DATA) {
                work.removeAll();
            }
            TarArchive archive = new TarArchive(() -> snapshot.open(saved.stream()), VolumeAccess.ROOT);
            work.content()
                    .write(archive, TarSelection.of(List.of()))
                    .forEach(warning -> warnings.add("in " + told + ", " + warning));
            VolumeContent again = saved.way() == Way.ENGINE ? work.throughEngine() : work.content();
            TarReport back = compared(again, saved);
            if (again.way() != saved.way()) {
                warnings.add(told + " has all entries and bytes of the backup, but was filled " + Way.ENGINE.told()
                        + ": " + Way.ENGINE.notKept());
            } else if (!back.sha256().equals(saved.sha256())) {
                warnings.add(
                        told + " has all entries and bytes of the backup, but its archive is not the same byte by byte:"
                                + " owners, modes or times may differ (also when another version of the engine writes it)");
            }
            return new RestoreReport.Folder(saved.told(), told, back.count(), back.contentBytes());
        }
    }

    /** Reads it back; throws when it is not what was saved. */
    private static TarReport compared(VolumeContent content, SavedVolume saved) throws IOException {
        TarReport back;
        try (VolumeReading reading = content.read()) {
            reading.tar().transferTo(OutputStream.nullOutputStream());
            back = reading.report();
        }
        if (back.count() != saved.entries() || back.contentBytes() != saved.contentBytes()) {
            throw new RestoreFailedException("what came back is not what was backed up: " + back.count()
                    + " entries with " + back.contentBytes() + " bytes, and not " + saved.entries() + " with "
                    + saved.contentBytes());
        }
        return back;
    }
}
