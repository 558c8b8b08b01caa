package dev.holdfast.shim.cli;

import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.pipeline.RunProgress;
import dev.holdfast.core.pipeline.SnapshotReader;
import dev.holdfast.core.repository.RecipeStream;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.Snapshot;
import dev.holdfast.core.source.files.EntryKind;
import dev.holdfast.core.source.files.HostFolder;
import dev.holdfast.core.source.files.TarEntry;
import dev.holdfast.core.source.files.TarExtractor;
import dev.holdfast.core.source.files.TarRoot;
import dev.holdfast.core.source.files.TarSelection;
import dev.holdfast.shim.folder.SavedFolder;
import dev.holdfast.shim.restore.PathNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast ls}. */
@Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Lists the streams of a snapshot, and the entries of those that are tar archives: mode, owner, size, time, name.",
            "Bytes that are not UTF-8, control characters and backslashes are shown as \\xNN; restore --path takes them so."
        })
final class LsCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions options = new CommonOptions();

    @Parameters(index = "0", paramLabel = "SOURCE", description = "name of the source")
    private @Nullable String source;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "SNAPSHOT",
            description = "latest (default), the beginning of an id, or a time such as \"2026-11-19 02:00\"")
    private String snapshot = "latest";

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "PATH",
            description = "only this file, or folder with all in it")
    private @Nullable String path;

    @Option(names = "--streams", description = "only the streams, not what is in them")
    private boolean onlyStreams;

    @Override
    public Integer call() throws IOException {
        readWords();
        if (path != null && onlyStreams) {
            throw new IllegalArgumentException("--streams takes no path");
        }
        try (Session session = Session.open(options)) {
            Repository repository = session.repository();
            var secret = session.secret(repository);
            Snapshot found = SnapshotChoice.find(
                    repository, new SourceName(Objects.requireNonNull(source)), snapshot, ZoneId.systemDefault());
            SnapshotReader reader =
                    SnapshotReader.open(repository, found, secret, session.identities(), RestoreThreads.count());
            List<SavedFolder> folders =
                    SavedFolders.of(found.header().engine(), reader.recipe().evidence());
            Listing listing = options.console().isJson()
                    ? new JsonListing(System.out, found.header())
                    : new TextListing(System.out, ZoneId.systemDefault());
            for (RecipeStream stream : reader.recipe().streams()) {
                list(reader, stream, folders, listing);
            }
            if (path != null && listing.entries() == 0) {
                throw new PathNotFoundException(
                        "snapshot " + found.header().snapshot() + " of " + source + " has no " + path);
            }
            listing.finish();
        }
        return ExitCode.DONE;
    }

    /** A path in place of the snapshot means the latest. */
    private void readWords() {
        if (path == null && snapshot.startsWith("/")) {
            path = snapshot;
            snapshot = "latest";
        }
    }

    private void list(SnapshotReader reader, RecipeStream stream, List<SavedFolder> folders, Listing listing)
            throws IOException {
        Optional<SavedFolder> saved = folders.stream()
                .filter(folder -> folder.stream().equals(stream.name()))
                .findFirst();
        Optional<List<String>> wanted = wanted(saved, folders);
        boolean archive = stream.name().endsWith(".tar") && !onlyStreams;
        if (wanted.isEmpty() || (path != null && !archive)) {
            return;
        }
        if (path == null) {
            listing.stream(stream);
        }
        if (archive) {
            listEntries(reader, stream, new Shown(saved), TarSelection.of(wanted.get()), listing);
        }
    }

    private void listEntries(
            SnapshotReader reader, RecipeStream stream, Shown shown, TarSelection selection, Listing listing)
            throws IOException {
        boolean[] named = {path == null};
        try (InputStream in = reader.open(stream, new RunProgress())) {
            TarExtractor.list(in, shown.root(), entry -> {
                if (selection.match(entry) != TarSelection.Match.WANTED) {
                    return;
                }
                if (!named[0]) {
                    named[0] = true;
                    listing.stream(stream);
                }
                listing.entry(entry, shown.path(entry.path()), shown.link(entry));
            });
        }
    }

    /** Paths of an archive; in a folder that was saved as they were on its host, in a volume as its container saw them. */
    private record Shown(Optional<SavedFolder> saved) {
        TarRoot root() {
            return saved.map(SavedFolder::root).orElse(TarRoot.NONE);
        }

        String path(String inArchive) {
            return saved.map(folder -> folder.pathOf(inArchive)).orElse(inArchive);
        }

        String link(TarEntry entry) {
            return entry.kind() == EntryKind.HARD_LINK ? path(entry.link()) : entry.link();
        }
    }

    /** Paths within the stream, none for all of it; empty when the path leads to no place in it. */
    private Optional<List<String>> wanted(Optional<SavedFolder> saved, List<SavedFolder> folders) {
        if (path == null) {
            return Optional.of(List.of());
        }
        if (saved.isEmpty()) {
            return Optional.of(List.of(path));
        }
        String first = saved.get().folder().path();
        return saved.get()
                .within(HostFolder.written(path, folders.size() == 1 ? first : "/"), folders)
                .map(within -> within.isEmpty() ? List.of() : List.of(within));
    }
}
