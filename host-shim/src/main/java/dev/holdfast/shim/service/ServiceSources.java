package dev.holdfast.shim.service;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Service;
import dev.holdfast.core.config.SourceRule;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.source.files.FoldersSource;
import dev.holdfast.core.source.files.HostFolder;
import dev.holdfast.core.source.files.Mounts;
import dev.holdfast.shim.command.CommandSource;
import dev.holdfast.shim.command.ContainerCommandSource;
import dev.holdfast.shim.database.DatabaseType;
import dev.holdfast.shim.database.DatabaseTypes;
import dev.holdfast.shim.database.DumpOptions;
import dev.holdfast.shim.discovery.Discovered;
import dev.holdfast.shim.discovery.Discovery;
import dev.holdfast.shim.discovery.Found;
import dev.holdfast.shim.discovery.NamePattern;
import dev.holdfast.shim.discovery.Skipped;
import dev.holdfast.shim.docker.Container;
import dev.holdfast.shim.docker.DockerEndpoint;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineSource;
import dev.holdfast.shim.docker.ExecCommand;
import dev.holdfast.shim.volume.Leftovers;
import dev.holdfast.shim.volume.Quiet;
import dev.holdfast.shim.volume.VolumeSettings;
import dev.holdfast.shim.volume.VolumesSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns the rules of services into sources. Only {@code discover} asks the engine; all others are told from their rule. */
public final class ServiceSources {
    private final Configuration configuration;
    private final Map<String, String> environment;
    private final Path journals;

    /**
     * For one configuration.
     *
     * @param home folder of this host
     */
    public ServiceSources(Configuration configuration, Path home, Map<String, String> environment) {
        this.configuration = configuration;
        this.environment = Map.copyOf(environment);
        this.journals = Leftovers.folder(home);
    }

    /**
     * What a service has now.
     *
     * @param absent sources whose containers are there and cannot be backed up, for example because they do not run: what was promised for them stays promised
     * @param warnings what should be looked at, for people
     */
    public record Listed(List<ServiceSource> sources, List<SourceName> absent, List<String> warnings) {
        public Listed {
            sources = List.copyOf(sources);
            absent = List.copyOf(absent);
            warnings = List.copyOf(warnings);
        }
    }

    /** The sources of a service, each name once, in the order of its rules. */
    public Listed of(Service service) throws IOException {
        Map<SourceName, ServiceSource> sources = new LinkedHashMap<>();
        List<SourceName> absent = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (SourceRule rule : service.sources()) {
            for (ServiceSource source : ofRule(rule, absent, warnings)) {
                sources.putIfAbsent(source.name(), source);
            }
        }
        absent.removeAll(sources.keySet());
        return new Listed(List.copyOf(sources.values()), absent, warnings);
    }

    private List<ServiceSource> ofRule(SourceRule rule, List<SourceName> absent, List<String> warnings)
            throws IOException {
        return switch (rule) {
            case SourceRule.Discover discover -> discovered(discover, absent, warnings);
            case SourceRule.Database database ->
                List.of(onEngine(database.name(), engine -> {
                    Container found = engine.container(database.container());
                    DatabaseType type = type(found, database.type());
                    return type.open(engine, database.container(), DumpOptions.defaults());
                }));
            case SourceRule.ContainerVolumes volumes ->
                List.of(onEngine(
                        volumes.name(),
                        engine -> VolumesSource.ofContainer(
                                engine, journals, volumes.container(), settings(volumes.consistency()))));
            case SourceRule.Volume volume ->
                List.of(onEngine(
                        volume.name(),
                        engine -> VolumesSource.ofVolume(
                                engine, journals, volume.volume(), settings(volume.consistency()))));
            case SourceRule.Folders folders -> List.of(new ServiceSource(folders.name(), () -> folders(folders)));
            case SourceRule.Command command -> List.of(command(command));
        };
    }

    private List<ServiceSource> discovered(SourceRule.Discover rule, List<SourceName> absent, List<String> warnings)
            throws IOException {
        Discovery discovery = new Discovery(
                Databases.known(),
                rule.patterns().stream().map(NamePattern::new).toList());
        Discovered discovered;
        try (Engine engine = connect()) {
            discovered = discovery.of(engine.inspectAll());
        }
        warnings.addAll(discovered.warnings());
        discovered
                .attention()
                .forEach(
                        one -> warnings.add("container " + one.container().name() + " is not backed up: " + one.why()));
        Set<String> named = named();
        for (Skipped one : discovered.attention()) {
            SourceName source = discovered.sources().get(one.container().name());
            if (source != null && !named.contains(one.container().name())) {
                absent.add(source);
            }
        }
        List<ServiceSource> sources = new ArrayList<>();
        for (Found found : discovered.found()) {
            String container = found.container().name();
            if (!named.contains(container)) {
                sources.add(
                        onEngine(found.name(), engine -> found.type().open(engine, container, DumpOptions.defaults())));
            }
        }
        return sources;
    }

    /** Containers whose database a rule of any service names: discovery leaves them to that rule. */
    private Set<String> named() {
        Set<String> containers = new HashSet<>();
        for (Service service : configuration.services().values()) {
            for (SourceRule rule : service.sources()) {
                if (rule instanceof SourceRule.Database database) {
                    containers.add(database.container());
                }
            }
        }
        return containers;
    }

    private static DatabaseType type(Container container, Optional<String> said) {
        DatabaseTypes types = Databases.known();
        return said.map(types::labelled)
                .or(() -> types.of(container))
                .orElseThrow(() -> new IllegalArgumentException("image " + container.image() + " of container "
                        + container.name()
                        + " is no database known here: say in the configuration what it is, with type: ("
                        + types.labels() + ")"));
    }

    private static VolumeSettings settings(Optional<String> consistency) {
        return new VolumeSettings(
                consistency.map(Quiet::parse),
                VolumeSettings.Binds.LEFT_OUT,
                Optional.empty(),
                Optional.empty(),
                VolumeSettings.Reach.BEST);
    }

    private static FoldersSource folders(SourceRule.Folders rule) {
        return new FoldersSource(
                rule.folders().stream()
                        .map(path -> HostFolder.written(path.toString(), "/"))
                        .toList(),
                List.of(),
                rule.exclude(),
                rule.oneFileSystem() ? Mounts.STAY : Mounts.CROSS);
    }

    private ServiceSource command(SourceRule.Command rule) {
        if (rule.container().isEmpty()) {
            return new ServiceSource(rule.name(), () -> new CommandSource(rule.words()));
        }
        String container = rule.container().get();
        ExecCommand command = ExecCommand.of(rule.words());
        String stream = rule.as().orElse(ContainerCommandSource.STREAM);
        return onEngine(rule.name(), engine -> new ContainerCommandSource(engine, container, command, stream));
    }

    private ServiceSource onEngine(SourceName name, EngineSource.Opening opening) {
        return new ServiceSource(name, () -> new EngineSource(connect(), opening));
    }

    private Engine connect() throws IOException {
        return Engine.connect(DockerEndpoint.of(environment));
    }
}
