package dev.holdfast.shim.cli;

import dev.holdfast.shim.discovery.Discovered;
import dev.holdfast.shim.discovery.Discovery;
import dev.holdfast.shim.discovery.Found;
import dev.holdfast.shim.discovery.NamePattern;
import dev.holdfast.shim.discovery.Skipped;
import dev.holdfast.shim.docker.DockerEndpoint;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.service.Databases;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast discover}. */
@Command(
        name = "discover",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Lists what \"holdfast backup --all\" would back up and why, and what it would not and why not.",
            "Changes nothing and needs no storage. Exit code 3: something in the list should be looked at.",
            "",
            "Labels of a container:",
            "  holdfast.enable=false     never; true: insist on it",
            "  holdfast.source=postgres  what it is, over what its image is called",
            "  holdfast.name, holdfast.app   name of the source, or what stands before it instead of the Compose project"
        })
final class DiscoverCommand implements Callable<Integer> {
    private static final List<String> HEAD = List.of("NAME", "TYPE", "CONTAINER", "IMAGE", "WHY");

    @Option(
            names = "--pattern",
            paramLabel = "PATTERN",
            description = "only containers or sources with such a name, for example 'shop-*'; may be repeated")
    private List<String> patterns = new ArrayList<>();

    @Option(names = "--json", description = "print one JSON object instead of text")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Console console = new Console(json ? Console.Form.JSON : Console.Form.TEXT, System.out, System.err);
        Discovered discovered = look(patterns);
        print(console, discovered);
        console.result(map(discovered));
        discovered.warnings().forEach(console::warn);
        return discovered.attention().isEmpty() && discovered.warnings().isEmpty() ? ExitCode.DONE : ExitCode.WARNINGS;
    }

    /** Asks the engine of this host. */
    static Discovered look(List<String> patterns) throws IOException {
        Discovery discovery = new Discovery(
                Databases.known(), patterns.stream().map(NamePattern::new).toList());
        try (Engine engine = Engine.connect(DockerEndpoint.of(System.getenv()))) {
            return discovery.of(engine.inspectAll());
        }
    }

    private static void print(Console console, Discovered discovered) {
        if (discovered.found().isEmpty()) {
            console.say("nothing to back up");
        } else {
            List<List<String>> rows = new ArrayList<>(List.of(HEAD));
            for (Found one : discovered.found()) {
                rows.add(List.of(
                        one.name().text(),
                        one.type().title(),
                        one.container().name(),
                        one.container().image(),
                        one.why()));
            }
            TextTable.print(console, rows);
        }
        if (!discovered.skipped().isEmpty()) {
            console.say("");
            console.say("not backed up:");
            TextTable.print(
                    console,
                    discovered.skipped().stream()
                            .map(one -> List.of(
                                    one.reason().needsAttention() ? "!" : " ",
                                    one.container().name(),
                                    one.container().image(),
                                    one.why()))
                            .toList());
        }
        if (!discovered.found().isEmpty()) {
            console.say("");
            console.say(
                    "A database is backed up as a dump. Its data volume is not archived as files too, unless asked for.");
        }
    }

    private static Map<String, Object> map(Discovered discovered) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("command", "discover");
        map.put("found", discovered.found().stream().map(DiscoverCommand::map).toList());
        map.put(
                "skipped",
                discovered.skipped().stream().map(DiscoverCommand::map).toList());
        map.put("warnings", discovered.warnings());
        return map;
    }

    private static Map<String, Object> map(Found one) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", one.name().text());
        map.put("type", one.type().label());
        map.put("app", one.app());
        map.put("container", one.container().name());
        map.put("image", one.container().image());
        map.put("why", one.why());
        return map;
    }

    static Map<String, Object> map(Skipped one) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("container", one.container().name());
        map.put("image", one.container().image());
        map.put("reason", one.reason().name().toLowerCase(java.util.Locale.ROOT));
        map.put("needsAttention", one.reason().needsAttention());
        map.put("why", one.why());
        return map;
    }
}
