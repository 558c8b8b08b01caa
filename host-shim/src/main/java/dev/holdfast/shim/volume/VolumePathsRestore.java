package dev.holdfast.shim.volume;

import dev.holdfast.core.source.files.TarArchive;
import dev.holdfast.core.source.files.TarExtractor;
import dev.holdfast.core.source.files.TarSelection;
import dev.holdfast.shim.docker.ContainerControl;
import dev.holdfast.shim.docker.ContainerControl.Inspected;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.MountPoint.Access;
import dev.holdfast.shim.docker.VolumeAccess;
import dev.holdfast.shim.folder.FolderGoal;
import dev.holdfast.shim.folder.FolderPart;
import dev.holdfast.shim.folder.SavedFolder;
import dev.holdfast.shim.restore.PathNotFoundException;
import dev.holdfast.shim.restore.PreparedRestore;
import dev.holdfast.shim.restore.RestoreFailedException;
import dev.holdfast.shim.restore.RestoreReport;
import dev.holdfast.shim.restore.SnapshotStreams;
import dev.holdfast.shim.volume.VolumeSettings.Reach;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brings files and folders out of a snapshot of volumes back into the volumes: what has their names is replaced, everything else stays. Running
 * containers that use these volumes are stopped meanwhile, unless they are to go on.
 */
public final class VolumePathsRestore implements PreparedRestore {
    /** What running containers do meanwhile. */
    public enum Users {
        STOP,
        GO_ON
    }

    private final Engine engine;
    private final Path journals;
    private final SnapshotStreams snapshot;
    private final Reach reach;
    private final List<Part> parts;
    private final List<Inspected> stopped;

    private VolumePathsRestore(
            Engine engine,
            Path journals,
            SnapshotStreams snapshot,
            Reach reach,
            List<Part> parts,
            List<Inspected> stopped) {
        this.engine = engine;
        this.journals = journals;
        this.snapshot = snapshot;
        this.reach = reach;
        this.parts = parts;
        this.stopped = stopped;
    }

    /** What is restored of one volume. */
    private record Part(FolderPart paths, VolumeTargets.Target target, Found found) {
        String told() {
            return SavedVolume.told(target.mount());
        }
    }

    /** What the paths are in the backup. */
    private record Found(long entries, long contentBytes, List<String> unmatched) {}

    /**
     * Finds the paths in the snapshot, which it reads, and the places they go to; changes nothing.
     *
     * @param paths as {@code ls} shows them; empty for everything
     * @throws PathNotFoundException when the snapshot has none of them
     */
    public static VolumePathsRestore prepare(
            Engine engine,
            Path journals,
            Optional<String> to,
            SnapshotStreams snapshot,
            List<String> paths,
            Users users,
            Reach reach)
            throws IOException {
        List<SavedVolume> saved = SavedVolume.all(snapshot.evidence());
        List<SavedFolder> folders = SavedVolume.folders(snapshot.evidence());
        List<FolderPart> wanted = new ArrayList<>();
        List<Found> found = new ArrayList<>();
        List<SavedVolume> volumes = new ArrayList<>();
        for (FolderPart part : FolderPart.of(folders, paths, new FolderGoal.InPlace())) {
            Found one = found(snapshot, part);
            if (one.entries() > 0) {
                SavedVolume volume = saved.get(folders.indexOf(part.saved()));
                if (volume.shape() == SavedVolume.Shape.SINGLE_FILE) {
                    throw new RestoreFailedException(volume.told()
                            + " is one file of the host, which is not put back in its place: use --to-folder");
                }
                wanted.add(part);
                found.add(one);
                volumes.add(volume);
            }
        }
        if (wanted.isEmpty()) {
            throw new PathNotFoundException("the snapshot has none of " + paths);
        }
        VolumeTargets targets = VolumeTargets.find(engine, to, snapshot, volumes);
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            parts.add(new Part(wanted.get(i), targets.targets().get(i), found.get(i)));
        }
        return new VolumePathsRestore(
                engine, journals, snapshot, reach, parts, users == Users.STOP ? targets.running() : List.of());
    }

    private static Found found(SnapshotStreams snapshot, FolderPart part) throws IOException {
        long[] counts = new long[2];
        TarSelection selection = part.selection();
        try (InputStream in = snapshot.open(part.saved().stream())) {
            TarExtractor.list(in, part.saved().root(), entry -> {
                if (selection.match(entry) == TarSelection.Match.WANTED) {
                    counts[0]++;
                    counts[1] += entry.size();
                }
            });
        }
        return new Found(counts[0], counts[1], selection.unmatched());
    }

    @Override
    public List<String> plan() {
        List<String> plan = new ArrayList<>();
        stopped.forEach(one -> plan.add("stop container " + one.name() + ", and start it again at the end"));
        for (Part part : parts) {
            SavedFolder saved = part.paths().saved();
            String what = part.paths().paths().isEmpty()
                    ? "all"
                    : String.join(
                            ", ",
                            part.paths().paths().stream().map(saved::pathOf).toList());
            plan.add("restore " + what + " into " + part.told() + ": "
                    + part.found().entries()
                    + (part.found().entries() == 1 ? " entry, " : " entries, ")
                    + part.found().contentBytes()
                    + " bytes; what has the same name is replaced, everything else stays");
        }
        return plan;
    }

    @Override
    public RestoreReport run() throws IOException {
        ContainerControl control = new ContainerControl(engine);
        List<RestoreReport.Folder> done = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        String at = "";
        try {
            for (Inspected one : stopped) {
                at = "container " + one.name();
                control.stop(one.container());
            }
            for (Part part : parts) {
                at = part.told();
                done.add(restore(part, warnings));
            }
            for (Inspected one : stopped.reversed()) {
                at = "container " + one.name();
                control.start(one.container());
            }
        } catch (IOException e) {
            throw new RestoreFailedException(
                    "the restore failed at " + at + ", after " + done.size() + " of " + parts.size() + " volumes: "
                            + e.getMessage() + ". What came before is there; "
                            + (stopped.isEmpty() ? "no container was stopped" : "stopped containers were left stopped"),
                    e);
        }
        return new RestoreReport(List.of(), done, warnings);
    }

    private RestoreReport.Folder restore(Part part, List<String> warnings) throws IOException {
        SavedFolder saved = part.paths().saved();
        VolumeAccess volumes = new VolumeAccess(engine);
        if (volumes.find(part.target().mount().name()).isEmpty()
                && !part.target().mount().name().isEmpty()) {
            volumes.create(part.target().mount().name());
        }
        TarArchive archive = new TarArchive(() -> snapshot.open(saved.stream()), saved.root());
        try (Journal journal = Journal.begin(journals, engine.endpoint());
                VolumeWork work = VolumeWork.open(engine, journal, part.target().mount(), Access.WRITE, reach)) {
            work.content()
                    .write(archive, part.paths().selection())
                    .forEach(warning -> warnings.add("in " + part.told() + ", " + warning));
        }
        part.found().unmatched().forEach(path -> warnings.add("the snapshot has no " + saved.pathOf(path)));
        return new RestoreReport.Folder(
                part.target().saved().told(),
                part.told(),
                part.found().entries(),
                part.found().contentBytes());
    }
}
