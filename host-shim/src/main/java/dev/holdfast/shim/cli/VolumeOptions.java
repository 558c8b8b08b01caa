package dev.holdfast.shim.cli;

import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.pipeline.RecordedBackup;
import dev.holdfast.shim.database.DatabaseType;
import dev.holdfast.shim.docker.Container;
import dev.holdfast.shim.docker.DockerEndpoint;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineSource;
import dev.holdfast.shim.host.RepositoryPlace;
import dev.holdfast.shim.service.Databases;
import dev.holdfast.shim.volume.HookLimit;
import dev.holdfast.shim.volume.HostHook;
import dev.holdfast.shim.volume.Leftovers;
import dev.holdfast.shim.volume.Quiet;
import dev.holdfast.shim.volume.VolumeSettings;
import dev.holdfast.shim.volume.VolumesSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The part of {@code holdfast backup} that takes Docker volumes. */
final class VolumeOptions {
    @Option(
            names = "--volumes",
            paramLabel = "CONTAINER",
            description = "back up the volumes of this container, running or not")
    private @Nullable String container;

    @Option(names = "--volume", paramLabel = "NAME", description = "back up this one volume")
    private @Nullable String volume;

    @Option(
            names = "--bind-mounts",
            description = "with --volumes, also the folders and files of the host that the container has mounted")
    private boolean bindMounts;

    @Option(
            names = "--consistency",
            paramLabel = "HOW",
            description =
                    "what running containers do while their volumes are read: none (go on), pause or stop; default: label"
                            + " holdfast.consistency of each, or none")
    private @Nullable String consistency;

    @Option(
            names = "--host-pre",
            paramLabel = "CMD",
            description = "with volumes, a command of sh on this host once containers are quiet, for example fsfreeze")
    private @Nullable String hostBefore;

    @Mixin
    private ReachOption reach = new ReachOption();

    @Option(names = "--host-post", paramLabel = "CMD", description = "and one before they go on, also after a failure")
    private @Nullable String hostAfter;

    @Option(
            names = "--host-hook-timeout",
            paramLabel = "TIME",
            description = "how long each of them may take, such as 90s, 10m or 2h; default: 5m")
    private @Nullable String hostHookTimeout;

    /** Whether any of these options was given. */
    boolean given() {
        return container != null
                || volume != null
                || bindMounts
                || consistency != null
                || reach.given()
                || hostBefore != null
                || hostAfter != null
                || hostHookTimeout != null;
    }

    /** What is to be backed up. */
    record Chosen(SourceName name, RecordedBackup.Opening opening) {}

    /**
     * The source that these options ask for, if they do.
     *
     * @param name what the source is to be called, if that was said
     * @param repository where the repository is, if on this host
     * @throws IllegalArgumentException when options do not go together
     */
    Optional<Chosen> chosen(Optional<String> name, Optional<RepositoryPlace> repository, Console console)
            throws IOException {
        if (container == null && volume == null) {
            if (given()) {
                throw new IllegalArgumentException(
                        "--bind-mounts, --consistency, --through-engine and the hooks of the host need --volumes or --volume");
            }
            return Optional.empty();
        }
        if (container != null && volume != null) {
            throw new IllegalArgumentException("--volumes and --volume exclude each other");
        }
        VolumeSettings settings = settings();
        Path journals = Leftovers.folder(Session.home().folder());
        if (volume != null) {
            String wanted = volume;
            return Optional.of(new Chosen(
                    new SourceName(name.orElse(wanted)),
                    () -> new EngineSource(
                            connect(),
                            engine -> told(
                                    VolumesSource.ofVolume(engine, journals, wanted, settings), repository, console))));
        }
        String wanted = Objects.requireNonNull(container);
        return Optional.of(new Chosen(
                new SourceName(name.orElse(defaultName(wanted, console))),
                () -> new EngineSource(
                        connect(),
                        engine -> told(
                                VolumesSource.ofContainer(engine, journals, wanted, settings), repository, console))));
    }

    private VolumeSettings settings() {
        Duration limit = hostHookTimeout == null ? HookLimit.DEFAULT : HookLimit.parse(hostHookTimeout);
        return new VolumeSettings(
                Optional.ofNullable(consistency).map(Quiet::parse),
                bindMounts ? VolumeSettings.Binds.INCLUDED : VolumeSettings.Binds.LEFT_OUT,
                Optional.ofNullable(hostBefore).map(command -> new HostHook(command, limit)),
                Optional.ofNullable(hostAfter).map(command -> new HostHook(command, limit)),
                reach.reach());
    }

    /** Says how volumes are read, and warns of a repository in them. */
    private static VolumesSource told(VolumesSource source, Optional<RepositoryPlace> repository, Console console)
            throws IOException {
        try {
            if (repository.isPresent()) {
                warnOf(repository.get(), source);
            }
            source.notes().forEach(note -> console.say("note: " + note));
            return source;
        } catch (IOException | RuntimeException e) {
            try {
                source.close(); // containers may be stopped for it
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    private static void warnOf(RepositoryPlace repository, VolumesSource source) throws IOException {
        for (String place : source.places()) {
            if (repository.within(place).isPresent()) {
                source.warn(
                        "the repository lies in " + place + ", which is saved here: it is backed up into itself, and"
                                + " every backup makes the next one larger; keep it elsewhere");
            }
        }
    }

    /** The container's name; with an ending where that name is for the dump of a database. */
    private static String defaultName(String container, Console console) throws IOException {
        Container found;
        try (Engine engine = connect()) {
            found = engine.container(container);
        }
        Optional<DatabaseType> database = Databases.known().of(found);
        if (database.isEmpty()) {
            return found.name();
        }
        console.warn("container " + found.name() + " is " + database.get().title()
                + ", whose dump is its backup (holdfast backup " + found.name()
                + "): files of a database that runs may be of no use");
        return found.name() + "-volumes";
    }

    private static Engine connect() throws IOException {
        return Engine.connect(DockerEndpoint.of(System.getenv()));
    }
}
