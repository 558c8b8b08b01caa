package dev.holdfast.core.config;

import dev.holdfast.core.model.Secret;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a storage, and tries its settings out with the code that opens storages, so that the file says no sooner and no later than that. */
final class StorageReader {
    private static final String TYPE = "type";

    /** Stands for a secret, which is not read before it is used. */
    private static final Secret UNREAD = Secret.of("unread");

    /** Take the place of required settings that are wrong, so that what else is wrong comes out too. */
    private static final Map<String, String> SAMPLES = Map.of(
            "bucket", "sample",
            "access-key-id", "sample",
            "host", "sample.example",
            "user", "sample",
            "path", "/sample",
            "app-key", "sample",
            "client-id", "sample");

    private StorageReader() {}

    static Optional<StorageSettings> read(Spot spot) {
        Optional<String> type = spot.mapping().flatMap(mapping -> type(spot, mapping));
        return type.flatMap(known -> read(spot, known));
    }

    private static Optional<String> type(Spot spot, YamlNode.Mapping mapping) {
        return mapping.entries().stream()
                .filter(entry -> entry.key().text().equals(TYPE))
                .findFirst()
                .map(spot::child)
                .or(() -> spot.error("key type is missing; there is " + String.join(", ", typeNames())))
                .flatMap(found -> found.nameOf("storage type", typeNames()));
    }

    private static List<String> typeNames() {
        List<String> names = new ArrayList<>(StorageTypes.NAMES);
        names.add(StorageSettings.REGISTERED);
        return names;
    }

    private static Optional<StorageSettings> read(Spot spot, String type) {
        List<String> keys = new ArrayList<>(List.of(TYPE));
        if (!type.equals(StorageSettings.REGISTERED)) {
            StorageTypes.settings(type).stream().sorted().forEach(keys::add);
            StorageTypes.secrets(type).stream().sorted().forEach(keys::add);
        }
        return spot.fields(keys).map(fields -> settings(fields, type));
    }

    private static StorageSettings settings(Fields fields, String type) {
        Map<String, String> plain = new LinkedHashMap<>();
        Map<String, String> secrets = new LinkedHashMap<>();
        boolean whole = true;
        for (Map.Entry<String, Spot> value : fields.values().entrySet()) {
            String key = value.getKey();
            if (key.equals(TYPE)) {
                continue;
            }
            boolean secret = StorageTypes.secrets(type).contains(key);
            Optional<String> text =
                    secret ? value.getValue().secret() : value.getValue().written();
            text.ifPresent(given -> (secret ? secrets : plain).put(key, given));
            whole &= text.isPresent();
        }
        if (!type.equals(StorageSettings.REGISTERED)) {
            whole &= hasAllRequired(fields, type);
        }
        if (whole && !type.equals(StorageSettings.REGISTERED)) {
            tryOut(fields, type, plain, secrets.keySet());
        }
        return new StorageSettings(type, plain, secrets);
    }

    private static boolean hasAllRequired(Fields fields, String type) {
        return StorageTypes.required(type).stream().sorted().map(fields::required).toList().stream()
                .allMatch(Optional::isPresent);
    }

    private static void tryOut(Fields fields, String type, Map<String, String> plain, Set<String> secrets) {
        Map<String, Secret> unread = new LinkedHashMap<>();
        secrets.forEach(name -> unread.put(name, UNREAD));
        Map<String, String> left = new LinkedHashMap<>(plain);
        Set<String> told = new HashSet<>();
        Optional<String> wrong = Optional.of("");
        while (wrong.isPresent()) {
            wrong = firstMistake(type, left, unread);
            Optional<String> culprit = wrong.flatMap(message -> culprit(message, type));
            if (wrong.isEmpty() || culprit.map(told::contains).orElse(false)) {
                return;
            }
            culprit.flatMap(name -> Optional.ofNullable(fields.values().get(name)))
                    .orElse(fields.spot())
                    .error(wrong.get());
            if (culprit.isEmpty() || !left.containsKey(culprit.get())) {
                return;
            }
            told.add(culprit.get());
            left.remove(culprit.get());
            if (StorageTypes.required(type).contains(culprit.get())) {
                left.put(culprit.get(), SAMPLES.get(culprit.get()));
            }
        }
    }

    private static Optional<String> firstMistake(
            String type, Map<String, String> settings, Map<String, Secret> secrets) {
        try {
            StorageTypes.spec(type, settings, secrets);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage() == null ? "the settings are wrong" : e.getMessage());
        }
    }

    /** The setting that a message is about: the longest that it names. */
    private static Optional<String> culprit(String message, String type) {
        if (type.equals("local") && !message.contains("limit")) {
            return Optional.of("path");
        }
        Set<String> names = new HashSet<>(StorageTypes.settings(type));
        names.addAll(StorageTypes.secrets(type));
        String text = message.toLowerCase(Locale.ROOT);
        return names.stream()
                .filter(name -> Pattern.compile("\\b" + name.replace("-", "[- ]") + "\\b")
                        .matcher(text)
                        .find())
                .max(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()));
    }
}
