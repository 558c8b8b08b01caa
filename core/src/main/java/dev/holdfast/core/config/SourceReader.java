package dev.holdfast.core.config;

import dev.holdfast.core.model.SourceName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Reads one rule of {@code sources}. What kind it is, its key says. */
final class SourceReader {
    private static final String DISCOVER = "discover";
    private static final String COMMAND = "command";

    /** What running containers may be asked to do while their volumes are read. */
    private static final Map<String, String> CONSISTENCIES = inOrder("none", "pause", "stop");

    private static final Map<String, Shape> KINDS = kinds();

    private final Set<String> databases;

    /** @param databases engines that a container can be said to be; empty for any */
    SourceReader(Set<String> databases) {
        this.databases = databases;
    }

    private static Map<String, Shape> kinds() {
        Map<String, Shape> kinds = new LinkedHashMap<>();
        kinds.put(DISCOVER, Shape.DISCOVER_SOURCE);
        kinds.put("container", Shape.DATABASE_SOURCE);
        kinds.put("volumes", Shape.VOLUMES_SOURCE);
        kinds.put("volume", Shape.VOLUME_SOURCE);
        kinds.put("folders", Shape.FOLDERS_SOURCE);
        kinds.put(COMMAND, Shape.COMMAND_SOURCE);
        return kinds;
    }

    private static Map<String, String> inOrder(String... words) {
        Map<String, String> map = new LinkedHashMap<>();
        for (String word : words) {
            map.put(word, word);
        }
        return map;
    }

    Optional<SourceRule> read(Spot spot) {
        if (spot.isScalar()) {
            return spot.text()
                    .flatMap(text -> text.equals(DISCOVER)
                            ? Optional.of(new SourceRule.Discover(List.of()))
                            : spot.error("must be discover, or a mapping with one of the keys "
                                    + String.join(", ", KINDS.keySet())));
        }
        return spot.mapping().flatMap(mapping -> kind(spot, mapping)).flatMap(kind -> read(spot, kind));
    }

    private static Optional<String> kind(Spot spot, YamlNode.Mapping mapping) {
        List<String> given =
                mapping.entries().stream().map(entry -> entry.key().text()).toList();
        List<String> kinds = new ArrayList<>(KINDS.keySet());
        kinds.retainAll(given);
        if (kinds.contains(COMMAND)) {
            kinds.remove("container"); // of a command it says where it runs
        }
        if (kinds.size() > 1) {
            return spot.error(String.join(" and ", kinds) + " exclude each other: make a source of each");
        }
        if (kinds.size() == 1) {
            return Optional.of(kinds.getFirst());
        }
        String hint = given.stream()
                .flatMap(key -> Nearest.to(key, KINDS.keySet()).stream())
                .findFirst()
                .map(key -> "; did you mean " + key + "?")
                .orElse("");
        return spot.error("one of the keys " + String.join(", ", KINDS.keySet()) + " must say what to back up" + hint);
    }

    private Optional<SourceRule> read(Spot spot, String kind) {
        Optional<Fields> fields = spot.fields(Objects.requireNonNull(KINDS.get(kind)));
        return fields.flatMap(found -> switch (kind) {
            case DISCOVER -> discover(found);
            case "container" -> database(found);
            case "volumes" -> volumes(found, kind, SourceRule.ContainerVolumes::new);
            case "volume" -> volumes(found, kind, SourceRule.Volume::new);
            case "folders" -> folders(found);
            default -> command(found);
        });
    }

    private static Optional<SourceRule> discover(Fields fields) {
        return fields.required(DISCOVER)
                .flatMap(found -> found.fields(Shape.DISCOVER))
                .map(found -> new SourceRule.Discover(
                        found.get("patterns").map(Spot::someTexts).orElse(List.of())));
    }

    private static Optional<SourceName> name(Fields fields, Optional<String> otherwise) {
        Optional<Spot> given = fields.get("name");
        if (given.isPresent()) {
            return given.get().text(SourceName::new);
        }
        return otherwise.flatMap(name -> fields.spot()
                .made(() -> new SourceName(name))
                .or(() -> fields.spot().error("the name of the source is missing: name")));
    }

    private Optional<String> database(Spot spot) {
        return databases.isEmpty() ? spot.text() : spot.nameOf("database type", databases);
    }

    private Optional<SourceRule> database(Fields fields) {
        Optional<String> container = fields.required("container").flatMap(Spot::text);
        Optional<String> type = fields.get("type").flatMap(this::database);
        Optional<SourceName> name = name(fields, container);
        return container.flatMap(found -> name.map(called -> new SourceRule.Database(found, type, called)));
    }

    /** Makes a rule of a name, the source's name and how consistent it is to be. */
    private interface VolumeRule {
        SourceRule of(String what, SourceName name, Optional<String> consistency);
    }

    private static Optional<SourceRule> volumes(Fields fields, String kind, VolumeRule maker) {
        Optional<String> what = fields.required(kind).flatMap(Spot::text);
        Optional<String> consistency = fields.get("consistency").flatMap(found -> found.word(CONSISTENCIES));
        Optional<SourceName> name = name(fields, what);
        return what.flatMap(found -> name.map(called -> maker.of(found, called, consistency)));
    }

    private static Optional<SourceRule> folders(Fields fields) {
        List<Path> folders = fields.required("folders")
                .map(found -> {
                    List<Spot> items = found.items();
                    if (found.isSequence() && items.isEmpty()) {
                        found.error("must not be empty");
                    }
                    return items.stream()
                            .flatMap(item -> item.text(SourceReader::folder).stream())
                            .toList();
                })
                .orElse(List.of());
        List<String> exclude = fields.get("exclude").map(Spot::texts).orElse(List.of());
        boolean one = fields.get("one_file_system").flatMap(Spot::truth).orElse(false);
        if (fields.get("name").isEmpty() && folders.size() > 1) {
            return fields.spot().error("several folders in one snapshot need a name: name");
        }
        Optional<SourceName> name = name(fields, folders.stream().findFirst().map(SourceReader::folderName));
        return folders.isEmpty()
                ? Optional.empty()
                : name.map(called -> new SourceRule.Folders(folders, exclude, one, called));
    }

    private static Path folder(String text) {
        Path folder = Path.of(text);
        if (!folder.isAbsolute() || List.of(text.split("/", -1)).contains("..")) {
            throw new IllegalArgumentException("must be an absolute folder without .., not " + text);
        }
        return folder.normalize();
    }

    /** {@code files-var-lib-app} for {@code /var/lib/app}. */
    private static String folderName(Path folder) {
        String text = folder.toString();
        return text.equals("/") ? "files" : "files" + text.replaceAll("[^A-Za-z0-9._]+", "-");
    }

    private static Optional<SourceRule> command(Fields fields) {
        List<String> words = fields.required(COMMAND).map(Spot::someTexts).orElse(List.of());
        Optional<String> container = fields.get("container").flatMap(Spot::text);
        Optional<String> as = fields.get("as").flatMap(found -> found.text(SourceReader::stream));
        Optional<SourceName> name = fields.required("name").flatMap(found -> found.text(SourceName::new));
        return words.isEmpty()
                ? Optional.empty()
                : name.map(called -> new SourceRule.Command(container, words, as, called));
    }

    private static String stream(String text) {
        if (!text.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}")) {
            throw new IllegalArgumentException(
                    "must be 1 to 128 of A-Z a-z 0-9 . _ - and begin with a letter or digit");
        }
        return text;
    }
}
