package dev.holdfast.shim.volume;

import dev.holdfast.core.source.BackupSource;
import dev.holdfast.core.source.NamedStream;
import dev.holdfast.shim.docker.ContainerControl;
import dev.holdfast.shim.docker.ContainerControl.Inspected;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineException;
import dev.holdfast.shim.docker.MountPoint;
import dev.holdfast.shim.docker.MountPoint.Access;
import dev.holdfast.shim.docker.MountPoint.Kind;
import dev.holdfast.shim.docker.VolumeAccess;
import dev.holdfast.shim.folder.SavedFolder;
import dev.holdfast.shim.restore.RestoreFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The volumes of one container, or one volume, each as one archive. What containers were doing comes back once the last one is read. */
public final class VolumesSource implements BackupSource {
    /** What {@link #engine()} says. */
    public static final String ENGINE = "volumes";

    private final String container;
    private final List<VolumeWork> works = new ArrayList<>();
    private final Journal journal;
    private final QuietTime quiet;
    private final List<String> shared;
    private final List<Map<String, Object>> saved = new ArrayList<>();
    private final List<String> met = new ArrayList<>();
    private Optional<Reading> reading = Optional.empty();
    private int next;

    private VolumesSource(String container, List<String> shared, Journal journal, QuietTime quiet) {
        this.container = container;
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
        VolumesSource source = new VolumesSource(container, shared, journal, quiet);
        try {
            quiet.begin(containers, settings);
            for (MountPoint mount : mounts) {
                source.works.add(VolumeWork.open(engine, journal, mount, Access.READ, settings.reach()));
            }
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

    /** Where the volumes lie on the engine's host, which need not be this one. */
    public List<String> places() {
        return works.stream().map(work -> work.mount().source()).toList();
    }

    /** Adds what whoever opened this source has found out about it. */
    public void warn(String warning) {
        met.add(warning);
    }

    /** How each volume is reached, and what is not kept of it, for people. */
    public List<String> notes() {
        return works.stream()
                .map(work -> SavedVolume.told(work.mount()) + " is read "
                        + work.content().way().told() + ": "
                        + work.content().way().notKept())
                .toList();
    }

    /** The volumes of a snapshot as folders, by the evidence that is sealed with it. */
    public static List<SavedFolder> folders(Map<String, Object> evidence) throws RestoreFailedException {
        return SavedVolume.folders(evidence);
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
        if (next == works.size()) {
            quiet.end();
            return Optional.empty();
        }
        VolumeWork work = works.get(next++);
        return Optional.of(new NamedStream(SavedVolume.stream(work.mount()), () -> open(work)));
    }

    private InputStream open(VolumeWork work) throws IOException {
        if (reading.isPresent()) {
            throw new IOException("the stream of " + work.mount().source() + " can be opened once");
        }
        VolumeReading opened = work.content().read();
        reading = Optional.of(new Reading(work, opened));
        return opened.tar();
    }

    private void endReading() throws IOException {
        if (reading.isPresent()) {
            Reading read = reading.get();
            reading = Optional.empty();
            MountPoint mount = read.work().mount();
            saved.add(SavedVolume.evidence(mount, read.work().content().way(), read.volume()));
            read.volume().warnings().forEach(line -> met.add("in " + SavedVolume.told(mount) + ", " + line));
            read.volume().close();
            read.work().close();
        }
    }

    @Override
    public Map<String, Object> evidence() {
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("engine", ENGINE);
        evidence.put("container", container);
        evidence.put("containers", quiet.evidence());
        evidence.put("volumes", saved);
        return evidence;
    }

    @Override
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>(shared);
        warnings.addAll(met);
        warnings.addAll(quiet.warnings());
        return warnings;
    }

    @Override
    public void close() throws IOException {
        try (journal) {
            try {
                if (reading.isPresent()) {
                    reading.get().volume().close();
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

    private record Reading(VolumeWork work, VolumeReading volume) {}
}
