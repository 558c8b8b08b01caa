package dev.holdfast.shim.folder;

import dev.holdfast.core.source.files.ExtractionReport;
import dev.holdfast.core.source.files.HostFolder;
import dev.holdfast.core.source.files.TarArchive;
import dev.holdfast.core.source.files.TarExtractor;
import dev.holdfast.core.source.files.TarExtractor.Existing;
import dev.holdfast.core.source.files.TarPlace;
import dev.holdfast.core.source.files.TarPreview;
import dev.holdfast.shim.restore.PathNotFoundException;
import dev.holdfast.shim.restore.PreparedRestore;
import dev.holdfast.shim.restore.RestoreFailedException;
import dev.holdfast.shim.restore.RestoreReport;
import dev.holdfast.shim.restore.SnapshotStreams;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Brings files of a folder snapshot back. */
public final class FolderRestore implements PreparedRestore {
    private final SnapshotStreams streams;
    private final List<FolderPart> parts;
    private final Existing existing;

    /** Whether anything may be there already, so that what is replaced must be found out and confirmed. */
    private final boolean meetsOthers;

    private FolderRestore(SnapshotStreams streams, List<FolderPart> parts, Existing existing, MeetsOthers meetsOthers) {
        this.streams = streams;
        this.parts = parts;
        this.existing = existing;
        this.meetsOthers = meetsOthers == MeetsOthers.YES;
    }

    private enum MeetsOthers {
        YES,
        NO
    }

    /**
     * Into a folder, each saved folder with its whole path.
     *
     * @param saved all that the snapshot has
     * @param paths as they were on the host, with all below them; empty for everything
     * @throws RestoreFailedException when the folder has something in it and nothing is to be replaced
     */
    public static FolderRestore into(
            SnapshotStreams streams, List<SavedFolder> saved, HostFolder target, List<String> paths, Existing existing)
            throws IOException {
        boolean empty = new TarPlace(target, "").isEmpty();
        if (!empty && existing == Existing.REFUSE) {
            throw new RestoreFailedException("folder " + target
                    + " is not empty: choose a new or empty one, or use --overwrite to replace what has the same name");
        }
        return new FolderRestore(
                streams,
                parts(saved, paths, new FolderGoal.Below(target)),
                existing,
                empty ? MeetsOthers.NO : MeetsOthers.YES);
    }

    /** Where the files were; what has the same name is replaced, everything else stays. */
    public static FolderRestore inPlace(SnapshotStreams streams, List<SavedFolder> saved, List<String> paths)
            throws IOException {
        return new FolderRestore(
                streams, parts(saved, paths, new FolderGoal.InPlace()), Existing.REPLACE, MeetsOthers.YES);
    }

    private static List<FolderPart> parts(List<SavedFolder> saved, List<String> paths, FolderGoal goal)
            throws IOException {
        List<FolderPart> parts = FolderPart.of(saved, paths, goal);
        if (parts.isEmpty()) {
            throw new PathNotFoundException("the snapshot has none of " + paths);
        }
        return parts;
    }

    @Override
    public boolean replaces() {
        return meetsOthers;
    }

    /** Reads the snapshot through when anything may be replaced. */
    @Override
    public List<String> plan() throws IOException {
        List<String> lines = new ArrayList<>();
        long entries = 0;
        for (FolderPart part : parts) {
            String what = part.paths().isEmpty()
                    ? part.saved().folder().path()
                    : String.join(
                            ", ",
                            part.paths().stream().map(part.saved()::pathOf).toList());
            if (meetsOthers) {
                TarPreview preview = preview(part);
                entries += preview.entries();
                lines.add("restore " + what + " to " + part.place() + ": " + preview.entries() + " entries, "
                        + preview.contentBytes() + " bytes; what is there under other names stays");
                addReplaced(part, preview, lines);
            } else {
                lines.add("restore " + what + " to " + part.place());
            }
        }
        if (meetsOthers && entries == 0) {
            throw nothingFound();
        }
        return lines;
    }

    private TarPreview preview(FolderPart part) throws IOException {
        return TarPreview.of(archive(part), part.place(), part.selection());
    }

    private TarArchive archive(FolderPart part) {
        return new TarArchive(
                () -> streams.open(part.saved().stream()), part.saved().root());
    }

    private static void addReplaced(FolderPart part, TarPreview preview, List<String> lines) {
        if (preview.replaced() == 0) {
            lines.add("  replace nothing");
            return;
        }
        lines.add("  replace " + preview.replaced() + " that are there now:");
        preview.firstReplaced().forEach(path -> lines.add("    " + part.place() + "/" + path));
        long more = preview.replaced() - preview.firstReplaced().size();
        if (more > 0) {
            lines.add("    and " + more + " more");
        }
    }

    private PathNotFoundException nothingFound() {
        return new PathNotFoundException("the snapshot has none of "
                + parts.stream()
                        .flatMap(part -> part.paths().stream().map(part.saved()::pathOf))
                        .toList());
    }

    @Override
    public RestoreReport run() throws IOException {
        List<RestoreReport.Folder> folders = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (FolderPart part : parts) {
            ExtractionReport report = extract(part);
            folders.add(new RestoreReport.Folder(
                    part.saved().folder().path(), part.place().toString(), report.entries(), report.contentBytes()));
            report.warnings()
                    .forEach(warning -> warnings.add("in " + part.saved().folder() + ", " + warning));
            report.unmatched()
                    .forEach(path ->
                            warnings.add("the snapshot has no " + part.saved().pathOf(path)));
        }
        if (folders.stream().allMatch(folder -> folder.entries() == 0)
                && parts.stream().noneMatch(part -> part.paths().isEmpty())) {
            throw nothingFound();
        }
        return new RestoreReport(List.of(), folders, warnings);
    }

    private ExtractionReport extract(FolderPart part) throws IOException {
        try {
            return TarExtractor.extract(archive(part), part.place(), existing, part.selection());
        } catch (IOException e) {
            throw new RestoreFailedException(
                    "the restore of " + part.saved().folder() + " to " + part.place()
                            + " stopped in the middle, and what came before is there: " + e.getMessage(),
                    e);
        }
    }
}
