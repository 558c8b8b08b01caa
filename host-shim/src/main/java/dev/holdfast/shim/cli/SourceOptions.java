package dev.holdfast.shim.cli;

import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.pipeline.RecordedBackup;
import dev.holdfast.core.source.files.FoldersSource;
import dev.holdfast.core.source.files.HostFolder;
import dev.holdfast.core.source.files.Mounts;
import dev.holdfast.shim.command.ContainerCommandSource;
import dev.holdfast.shim.docker.DockerEndpoint;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineSource;
import dev.holdfast.shim.docker.ExecCommand;
import dev.holdfast.shim.host.RepositoryPlace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Sources of {@code holdfast backup} that are no databases: folders of this host, and commands inside containers. */
final class SourceOptions {
    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            description = "back up this folder of the host; may be repeated, for one snapshot of several folders")
    private List<String> folders = new ArrayList<>();

    @Option(
            names = "--exclude",
            paramLabel = "PATTERN",
            description = "leave out of each folder what matches, as in .gitignore; may be repeated")
    private List<String> exclude = new ArrayList<>();

    @Option(
            names = "--include",
            paramLabel = "PATTERN",
            description = "keep only what matches, or lies in a folder that does; may be repeated")
    private List<String> include = new ArrayList<>();

    @Option(names = "--one-file-system", description = "do not enter other file systems mounted inside the folders")
    private boolean oneFileSystem;

    @Option(
            names = "--exec",
            paramLabel = "CONTAINER",
            description = "back up the output of the command after --, run in this container without a shell")
    private @Nullable String exec;

    @Option(
            names = "--as",
            paramLabel = "STREAM",
            description = "with --exec, the name of the stream, for example app.sql; default: stdout")
    private @Nullable String as;

    /** Whether any of these options was given. */
    boolean given() {
        return !folders.isEmpty()
                || !exclude.isEmpty()
                || !include.isEmpty()
                || oneFileSystem
                || exec != null
                || as != null;
    }

    /**
     * What is to be backed up.
     *
     * @param notes for people, before it begins
     */
    record Chosen(SourceName name, RecordedBackup.Opening opening, List<String> notes) {}

    /**
     * The source that these options ask for, if they do.
     *
     * @param name what the source is to be called, if that was said
     * @param repository where the repository is, if on this host: it is left out of the folders that hold it
     * @param words that are left on the command line
     * @throws IllegalArgumentException when options do not go together
     */
    Optional<Chosen> chosen(Optional<String> name, Optional<RepositoryPlace> repository, List<String> words)
            throws IOException {
        boolean ruled = !exclude.isEmpty() || !include.isEmpty() || oneFileSystem;
        require(!folders.isEmpty() || !ruled, "--exclude, --include and --one-file-system need --folder");
        require(exec != null || as == null, "--as needs --exec");
        require(folders.isEmpty() || exec == null, "--folder and --exec exclude each other");
        if (!folders.isEmpty()) {
            require(words.isEmpty(), "--folder takes no container");
            return Optional.of(ofFolders(name, repository));
        }
        return Optional.ofNullable(exec).map(container -> ofCommand(container, name, words));
    }

    private Chosen ofFolders(Optional<String> name, Optional<RepositoryPlace> repository) throws IOException {
        String here = System.getProperty("user.dir");
        List<HostFolder> read =
                folders.stream().map(text -> HostFolder.written(text, here)).toList();
        require(name.isPresent() || read.size() == 1, "several folders in one snapshot need a name: --name NAME");
        List<HostFolder> leftOut = new ArrayList<>();
        if (repository.isPresent()) {
            for (HostFolder folder : read) {
                require(
                        !repository.get().holds(folder.path()),
                        "folder " + folder + " lies in the repository, which cannot be saved into itself");
                repository.get().within(folder.path()).ifPresent(path -> leftOut.add(folder.inner(path)));
            }
        }
        FoldersSource source =
                new FoldersSource(read, include, exclude, leftOut, oneFileSystem ? Mounts.STAY : Mounts.CROSS);
        List<String> notes = leftOut.stream()
                .map(folder -> "the repository lies in " + folder + ", which is left out")
                .toList();
        return new Chosen(new SourceName(name.orElseGet(() -> defaultName(read.getFirst()))), () -> source, notes);
    }

    /** {@code files-var-lib-app} for {@code /var/lib/app}. */
    static String defaultName(HostFolder folder) {
        boolean top = folder.path().equals("/");
        String name = top ? "files" : "files" + folder.path().replaceAll("[^A-Za-z0-9._]+", "-");
        require(
                top || (name.length() <= 128 && name.matches("files-.*[A-Za-z0-9].*")),
                "the folder's path makes no good name: give one with --name");
        return name;
    }

    private Chosen ofCommand(String container, Optional<String> name, List<String> command) {
        require(name.isPresent(), "--exec needs --name NAME, the name of the source");
        require(!command.isEmpty(), "--exec needs a command, for example: -- redis-cli --rdb -");
        ExecCommand whole = ExecCommand.of(command);
        String stream = Optional.ofNullable(as).orElse(ContainerCommandSource.STREAM);
        return new Chosen(
                new SourceName(name.orElseThrow()),
                () -> new EngineSource(
                        Engine.connect(DockerEndpoint.of(System.getenv())),
                        engine -> new ContainerCommandSource(engine, container, whole, stream)),
                List.of());
    }

    private static void require(boolean right, String otherwise) {
        if (!right) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
