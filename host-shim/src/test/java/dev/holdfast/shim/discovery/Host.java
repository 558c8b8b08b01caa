package dev.holdfast.shim.discovery;

import dev.holdfast.shim.database.DatabaseTypes;
import dev.holdfast.shim.docker.Container;
import dev.holdfast.shim.mysql.MysqlType;
import dev.holdfast.shim.postgres.PostgresType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Containers as an engine would tell of them, and what discovery makes of them. */
final class Host {
    static final DatabaseTypes TYPES =
            new DatabaseTypes(List.of(new PostgresType(), MysqlType.mysql(), MysqlType.mariadb()));

    private final List<Container> containers = new ArrayList<>();

    /** @param labels {@code a=b}, by blanks */
    Host with(String name, String image, String labels) {
        return with(name, image, "running", labels, "docker-entrypoint.sh");
    }

    Host with(String name, String image, String state, String labels, String... command) {
        containers.add(container(name, image, state, labels, Map.of(), command));
        return this;
    }

    Host with(Container container) {
        containers.add(container);
        return this;
    }

    static Container container(
            String name,
            String image,
            String state,
            String labels,
            Map<String, String> environment,
            String... command) {
        Map<String, String> map = new HashMap<>();
        for (String label : labels.isEmpty() ? new String[0] : labels.split(" ", -1)) {
            String[] parts = label.split("=", 2);
            map.put(parts[0], parts[1]);
        }
        return new Container("id-of-" + name, name, image, state, map, environment, List.of(command));
    }

    /** A command line; backquotes hold a word together. */
    static String[] words(String command) {
        List<String> words = new ArrayList<>();
        String[] parts = command.split("`", -1);
        for (int i = 0; i < parts.length; i++) {
            if (i % 2 == 1) {
                words.add(parts[i]);
            } else if (!parts[i].isBlank()) {
                words.addAll(List.of(parts[i].strip().split(" ", -1)));
            }
        }
        return words.toArray(String[]::new);
    }

    /** Labels as Compose sets them. */
    static String compose(String project, String service, int number) {
        return "com.docker.compose.project=" + project + " com.docker.compose.service=" + service
                + " com.docker.compose.container-number=" + number + " com.docker.compose.oneoff=False";
    }

    Discovered discover(String... patterns) {
        return new Discovery(TYPES, Stream.of(patterns).map(NamePattern::new).toList()).of(containers);
    }

    /** {@code source=container}, in order. */
    static List<String> sources(Discovered discovered) {
        return discovered.found().stream()
                .map(found -> found.name() + "=" + found.container().name())
                .toList();
    }

    static Skipped skipped(Discovered discovered, String container) {
        return discovered.skipped().stream()
                .filter(one -> one.container().name().equals(container))
                .findFirst()
                .orElseThrow(() -> new AssertionError(container + " was not skipped: " + discovered));
    }

    static Optional<Found> found(Discovered discovered, String container) {
        return discovered.found().stream()
                .filter(one -> one.container().name().equals(container))
                .findFirst();
    }
}
