package dev.holdfast.shim.volume;

import dev.holdfast.core.source.BackupSource;
import dev.holdfast.core.source.NamedStream;
import dev.holdfast.core.source.files.CheckedTar;
import dev.holdfast.shim.docker.ContainerControl;
import dev.holdfast.shim.docker.ContainerControl.Inspected;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineException;
import dev.holdfast.shim.docker.MountPoint;
import dev.holdfast.shim.docker.MountPoint.Access;
import dev.holdfast.shim.docker.MountPoint.Kind;
import dev.holdfast.shim.docker.VolumeAccess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The volumes of one container, or one volume, each as one archive. What containers were doing comes back once the last one is read. */
public final class VolumesSource implements BackupSource {
    /** What {@link #engine()} says. */
    public static final String ENGINE = "volumes";

    /** What the engine does not hand over. */
    public static final String NOT_KEPT = "extended attributes (but file capabilities), access control lists, fractions"
            + " of seconds and sockets are not kept, and holes of sparse files become zeros";

    private final Engine engine;
    private final String container;
    private final List<MountPoint> mounts;
    private final Journal journal;
    private final QuietTime quiet;
    private final List<String> shared;
    private final List<Map<String, Object>> saved = new ArrayList<>();
    private Optional<Reading> reading = Optional.empty();
    private int next;

    private VolumesSource(
            Engine engine,
            String container,
            List<MountPoint> mounts,
            List<String> shared,
            Journal journal,
            QuietTime quiet) {
        this.engine = engine;
        this.container = container;
        this.mounts = mounts;
        this.shared = shared;
        this.journal = journal;
        this.quiet = quiet;
    }

    /**
     * All volumes of a container. Runs its first hook, and pauses or stops it when that is asked for.
     *
     * @param journals as {@link Leftovers#folder} has it
     */
    public static VolumesSource ofContainer(Engine engine, Path journals, String container, VolumeSettings settings)
            throws IOException {
        ContainerControl control = new ContainerControl(engine);
        Inspected found = control.inspect(container);
        List<MountPoint> mounts = distinct(found, settings.binds());
        if (mounts.isEmpty()) {
            throw new EngineException.ServiceRefused("container " + found.name() + " has no volume mounted"
                    + (found.mounts().isEmpty() ? "" : "; what it has of the host can be added with --bind-mounts"));
        }
        List<String> shared = new ArrayList<>();
        for (MountPoint mount : mounts) {
            shared.addAll(othersWriting(control, mount, found, settings));
        }
        return begin(engine, journals, found.name(), mounts, shared, List.of(found), settings);
    }

    /** One volume. Of the containers that have it mounted, each is treated as its label or the settings say. */
    public static VolumesSource ofVolume(Engine engine, Path journals, String volume, VolumeSettings settings)
            throws IOException {
        MountPoint found =
                new VolumeAccess(engine).find(volume).orElseThrow(() -> new EngineException.VolumeNotFound(volume));
        List<Inspected> using = new ContainerControl(engine).using(volume);
        return begin(engine, journals, "", List.of(found), List.of(), using, settings);
    }

    private static VolumesSource begin(
            Engine engine,
            Path journals,
            String container,
            List<MountPoint> mounts,
            List<String> shared,
            List<Inspected> containers,
            VolumeSettings settings)
            throws IOException {
        Journal journal = Journal.begin(journals, engine.endpoint());
        QuietTime quiet = new QuietTime(engine, journal);
        VolumesSource source = new VolumesSource(engine, container, mounts, shared, journal, quiet);
        try {
            quiet.begin(containers, settings);
            return source;
        } catch (IOException | RuntimeException e) {
            source.closeAfter(e);
            throw e;
        }
    }

    /** A volume that is mounted twice is one volume. */
    private static List<MountPoint> distinct(Inspected container, VolumeSettings.Binds binds) {
        Map<String, MountPoint> distinct = new LinkedHashMap<>();
        for (MountPoint mount : container.mounts()) {
            if (mount.kind() == Kind.VOLUME || binds == VolumeSettings.Binds.INCLUDED) {
                distinct.putIfAbsent(mount.kind() + " " + mount.name() + " " + mount.source(), mount);
            }
        }
        return List.copyOf(distinct.values());
    }

    private static List<String> othersWriting(
            ContainerControl control, MountPoint mount, Inspected container, VolumeSettings settings)
            throws IOException {
        if (mount.kind() == Kind.BIND || Quiet.of(settings.quiet(), container.container()) == Quiet.NONE) {
            return List.of();
        }
        return control.using(mount.name()).stream()
                .filter(other -> other.isRunning()
                        && !other.container().id().equals(container.container().id()))
                .filter(other -> other.mounts().stream()
                        .anyMatch(one -> one.name().equals(mount.name()) && one.access() == Access.WRITE))
                .map(other -> "volume " + mount.name() + " is also written by container " + other.name()
                        + ", which went on while it was read")
                .toList();
    }

    @Override
    public String engine() {
        return ENGINE;
    }

    /** A container that was stopped, and ended by itself, has left its volumes as it wants to find them; anything else is a crash to it. */
    @Override
    public Consistency consistency() {
        return quiet.allStopped() && shared.isEmpty() ? Consistency.APPLICATION : Consistency.CRASH;
    }

    @Override
    public Optional<NamedStream> next() throws IOException {
        endReading();
        if (next == mounts.size()) {
            quiet.end();
            return Optional.empty();
        }
        MountPoint mount = mounts.get(next++);
        return Optional.of(new NamedStream(SavedVolume.stream(mount), () -> open(mount)));
    }

    private InputStream open(MountPoint mount) throws IOException {
        if (reading.isPresent()) {
            throw new IOException("the stream of " + mount.source() + " can be opened once");
        }
        VolumeAccess access = new VolumeAccess(engine);
        Step.Helper helper = new Step.Helper(newHelperName());
        journal.intend(helper);
        CheckedTar tar =
                new CheckedTar(access.open(helper.name(), mount, Access.READ).read(), SavedVolume.told(mount));
        reading = Optional.of(new Reading(mount, helper, tar));
        return tar;
    }

    static String newHelperName() {
        return "holdfast-volume-" + UUID.randomUUID();
    }

    private void endReading() throws IOException {
        if (reading.isPresent()) {
            Reading read = reading.get();
            reading = Optional.empty();
            saved.add(SavedVolume.evidence(read.mount(), read.tar().report()));
            read.tar().close();
            journal.undo(engine, read.helper());
        }
    }

    @Override
    public Map<String, Object> evidence() {
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("engine", ENGINE);
        evidence.put("container", container);
        evidence.put("containers", quiet.evidence());
        evidence.put("volumes", saved);
        evidence.put("notKept", NOT_KEPT);
        return evidence;
    }

    @Override
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>(shared);
        warnings.addAll(quiet.warnings());
        return warnings;
    }

    @Override
    public void close() throws IOException {
        try (journal) {
            try {
                if (reading.isPresent()) {
                    reading.get().tar().close();
                }
            } finally {
                endAfterFailure();
            }
        }
    }

    /** Of a backup that failed nobody asks for the warnings. */
    private void endAfterFailure() throws IOException {
        if (!quiet.isOver()) {
            quiet.end();
            if (!quiet.warnings().isEmpty()) {
                throw new IOException(String.join("; ", quiet.warnings()));
            }
        }
    }

    private void closeAfter(Throwable failure) {
        try {
            close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private record Reading(MountPoint mount, Step.Helper helper, CheckedTar tar) {}
}
