package dev.holdfast.shim.volume;

import dev.holdfast.core.source.files.CheckedTar;
import dev.holdfast.core.source.files.TarReport;
import dev.holdfast.shim.docker.ContainerControl;
import dev.holdfast.shim.docker.ContainerControl.AfterStop;
import dev.holdfast.shim.docker.ContainerControl.Inspected;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineException;
import dev.holdfast.shim.docker.MountPoint;
import dev.holdfast.shim.docker.MountPoint.Access;
import dev.holdfast.shim.docker.MountPoint.Kind;
import dev.holdfast.shim.docker.VolumeAccess;
import dev.holdfast.shim.restore.PreparedRestore;
import dev.holdfast.shim.restore.RestoreFailedException;
import dev.holdfast.shim.restore.RestoreReport;
import dev.holdfast.shim.restore.SnapshotStreams;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
            "it is one file, which the engine cannot put back; write it out with holdfast dump --stream ";

    private final Engine engine;
    private final Path journals;
    private final SnapshotStreams snapshot;
    private final Present present;
    private final List<Target> targets;
    private final List<Inspected> running;

    private VolumesRestore(
            Engine engine,
            Path journals,
            SnapshotStreams snapshot,
            Present present,
            List<Target> targets,
            List<Inspected> running) {
        this.engine = engine;
        this.journals = journals;
        this.snapshot = snapshot;
        this.present = present;
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
            Engine engine, Path journals, Optional<String> to, SnapshotStreams snapshot, Present present)
            throws IOException {
        List<SavedVolume> saved = SavedVolume.all(snapshot.evidence());
        String container = String.valueOf(snapshot.evidence().getOrDefault("container", ""));
        List<MountPoint> mounts = container.isEmpty()
                ? byName(engine, to.orElse(saved.getFirst().name()))
                : byPlace(engine, to.orElse(container), saved);
        ContainerControl control = new ContainerControl(engine);
        Map<String, Inspected> running = new LinkedHashMap<>();
        if (!container.isEmpty()) {
            keepRunning(control.inspect(to.orElse(container)), running);
        }
        List<Target> targets = new ArrayList<>();
        for (int i = 0; i < saved.size(); i++) {
            MountPoint mount = mounts.get(i);
            if (mount.kind() == Kind.VOLUME) {
                for (Inspected using : control.using(mount.name())) {
                    keepRunning(using, running);
                }
            }
            targets.add(new Target(saved.get(i), mount, now(engine, journals, mount)));
        }
        return new VolumesRestore(engine, journals, snapshot, present, targets, List.copyOf(running.values()));
    }

    private static void keepRunning(Inspected one, Map<String, Inspected> running) throws EngineException {
        String state = one.container().state();
        if (state.equals("paused") || state.equals("restarting")) {
            throw new EngineException.ServiceRefused(
                    "container " + one.name() + " is " + state + ": stop it, or let it run, before the restore");
        }
        if (one.isRunning() && one.afterStop() == AfterStop.IS_REMOVED) {
            throw new EngineException.ServiceRefused("container " + one.name()
                    + " was started with --rm, so a stop would remove it: stop it yourself before the restore");
        }
        if (one.isRunning()) {
            running.put(one.container().id(), one);
        }
    }

    private static List<MountPoint> byName(Engine engine, String name) throws IOException {
        return List.of(new VolumeAccess(engine)
                .find(name)
                .orElse(new MountPoint(Kind.VOLUME, name, "local", "", "", Access.WRITE)));
    }

    private static List<MountPoint> byPlace(Engine engine, String to, List<SavedVolume> saved) throws IOException {
        Inspected container = new ContainerControl(engine).inspect(to);
        List<MountPoint> mounts = new ArrayList<>();
        for (SavedVolume volume : saved) {
            mounts.add(container.mounts().stream()
                    .filter(mount -> mount.destination().equals(volume.destination()))
                    .findFirst()
                    .orElseThrow(() -> new EngineException.ServiceRefused("container " + container.name()
                            + " has nothing mounted at " + volume.destination() + ", where " + volume.told()
                            + " was")));
        }
        return mounts;
    }

    private static Now now(Engine engine, Path journals, MountPoint mount) throws IOException {
        if (mount.kind() == Kind.VOLUME
                && new VolumeAccess(engine).find(mount.name()).isEmpty()) {
            return Now.MISSING;
        }
        try (VolumeWork work = VolumeWork.open(engine, journals, mount, Access.READ)) {
            return switch (work.content()) {
                case EMPTY -> Now.EMPTY;
                case HOLDS_DATA -> Now.HOLDS_DATA;
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
                        + " container or volume with --to");
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
        if (target.now() == Now.MISSING) {
            new VolumeAccess(engine).create(target.mount().name());
        }
        try (VolumeWork work = VolumeWork.open(engine, journals, target.mount(), Access.WRITE)) {
            if (target.now() == Now.HOLDS_DATA) {
                work.removeAll();
            }
            try (InputStream tar = snapshot.open(saved.stream())) {
                work.write(tar);
            }
            TarReport back;
            try (CheckedTar tar = work.read()) {
                tar.transferTo(OutputStream.nullOutputStream());
                back = tar.report();
            }
            if (back.count() != saved.entries() || back.contentBytes() != saved.contentBytes()) {
                throw new RestoreFailedException("what came back is not what was backed up: " + back.count()
                        + " entries with " + back.contentBytes() + " bytes, and not " + saved.entries() + " with "
                        + saved.contentBytes());
            }
            if (!back.sha256().equals(saved.sha256())) {
                warnings.add(SavedVolume.told(target.mount())
                        + " has all entries and bytes of the backup, but its archive is not the same byte by byte:"
                        + " owners, modes or times may differ (also when another version of the engine writes it)");
            }
            return new RestoreReport.Folder(
                    saved.told(), SavedVolume.told(target.mount()), back.count(), back.contentBytes());
        }
    }
}
