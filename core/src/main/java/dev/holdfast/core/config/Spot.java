package dev.holdfast.core.config;

import dev.holdfast.core.config.YamlNode.Entry;
import dev.holdfast.core.config.YamlNode.Mapping;
import dev.holdfast.core.config.YamlNode.Scalar;
import dev.holdfast.core.config.YamlNode.Sequence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A value of the file, asked for what it should be. Each question that it cannot answer is told as an error, and answered with nothing, so that the
 * reading goes on to the next mistake.
 */
record Spot(YamlNode node, String path, Problems problems) {
    /** Names of storages, repositories, services and groups. */
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** Also ends the expression in which it stands with nothing. */
    <T> Optional<T> error(String message) {
        problems.error(node.at(), path, message);
        return Optional.empty();
    }

    void warning(String message) {
        problems.warning(node.at(), path, message);
    }

    private Spot below(YamlNode other, String step) {
        return new Spot(other, path + step, problems);
    }

    boolean isScalar() {
        return node instanceof Scalar;
    }

    boolean isWhole() {
        return node instanceof Scalar scalar && scalar.isWhole();
    }

    boolean isSequence() {
        return node instanceof Sequence;
    }

    /** Text that is not blank. */
    Optional<String> text() {
        if (!(node instanceof Scalar scalar) || scalar.isNothing()) {
            return error("must be text, not " + node.kind());
        }
        if (scalar.isNumber() || scalar.isTruth()) {
            return error("must be text, not " + scalar.kind() + ": put it in quotes");
        }
        return notBlank(scalar);
    }

    /** A text, a number or a truth value as it is written: for settings whose meaning others know. */
    Optional<String> written() {
        if (!(node instanceof Scalar scalar) || scalar.isNothing()) {
            return error("must be text or a number, not " + node.kind());
        }
        return notBlank(scalar);
    }

    private Optional<String> notBlank(Scalar scalar) {
        return scalar.text().isBlank() ? error("must not be empty") : Optional.of(scalar.text());
    }

    /** A text that is made into something that says itself what is wrong with it. */
    <T> Optional<T> text(Function<String, T> maker) {
        return text().flatMap(text -> made(() -> maker.apply(text)));
    }

    /** Turns what a maker says of a wrong value into an error here. */
    <T> Optional<T> made(java.util.function.Supplier<T> maker) {
        try {
            return Optional.of(maker.get());
        } catch (IllegalArgumentException e) {
            return error(java.util.Objects.requireNonNullElse(e.getMessage(), "is wrong"));
        }
    }

    Optional<Duration> duration() {
        return text(DurationText::parse)
                .flatMap(found -> found.isZero() ? error("must be more than nothing") : Optional.of(found));
    }

    Optional<Integer> whole(int least, int most) {
        String wanted = "must be a whole number from " + least + " to " + most;
        if (!(node instanceof Scalar scalar) || !scalar.isWhole()) {
            return error(wanted + ", not " + node.kind());
        }
        long number = Long.parseLong(scalar.text());
        return number < least || number > most ? error(wanted) : Optional.of((int) number);
    }

    Optional<Boolean> truth() {
        if (!(node instanceof Scalar scalar) || !scalar.isTruth()) {
            return error("must be true or false");
        }
        return Optional.of(Boolean.parseBoolean(scalar.text()));
    }

    /** One of some words. */
    <T> Optional<T> word(Map<String, T> words) {
        return text().flatMap(text -> words.containsKey(text)
                ? Optional.of(words.get(text))
                : error("must be one of " + String.join(", ", words.keySet()) + ", not " + text));
    }

    /** The name of something that the file has elsewhere. */
    Optional<String> nameOf(String what, Collection<String> names) {
        return text().flatMap(text -> names.contains(text)
                ? Optional.of(text)
                : error("there is no " + what + " " + text + Nearest.hint(text, names)));
    }

    /** A secret, which never stands in the file itself; what stands here in its place is not repeated. */
    Optional<String> secret() {
        Optional<String> text = written();
        if (text.isPresent() && !SecretReference.isOne(text.get())) {
            return error("must be env:NAME or file:/path: secrets do not stand in this file");
        }
        return text;
    }

    List<Spot> items() {
        if (!(node instanceof Sequence sequence)) {
            error("must be a list, not " + node.kind());
            return List.of();
        }
        List<Spot> items = new ArrayList<>();
        for (YamlNode item : sequence.items()) {
            items.add(below(item, "[" + items.size() + "]"));
        }
        return items;
    }

    /** A list of texts; wrong ones are told and left out. */
    List<String> texts() {
        return items().stream().flatMap(item -> item.text().stream()).toList();
    }

    /** The same, which must not be empty. */
    List<String> someTexts() {
        List<Spot> items = items();
        if (isSequence() && items.isEmpty()) {
            error("must not be empty");
        }
        return items.stream().flatMap(item -> item.text().stream()).toList();
    }

    /** A mapping with keys of a known shape; others are told. */
    Optional<Fields> fields(Shape shape) {
        return fields(shape.keys());
    }

    Optional<Fields> fields(List<String> keys) {
        return mapping().map(mapping -> Fields.of(this, mapping, keys));
    }

    /** A mapping whose keys are names that the user gives; wrong names are told and kept, so that uses of them are not told too. */
    Map<String, Spot> named() {
        Map<String, Spot> found = new LinkedHashMap<>();
        mapping().ifPresent(mapping -> {
            for (Entry entry : mapping.entries()) {
                String name = entry.key().text();
                if (!NAME.matcher(name).matches()) {
                    problems.error(
                            entry.key().at(),
                            path,
                            "a name must be 1 to 64 of A-Z a-z 0-9 . _ - and begin with a letter or digit");
                }
                found.put(name, below(entry.value(), "." + name));
            }
        });
        return found;
    }

    Optional<Mapping> mapping() {
        return node instanceof Mapping mapping
                ? Optional.of(mapping)
                : error("must be a mapping (key: value), not " + node.kind());
    }

    Spot child(Entry entry) {
        return below(entry.value(), (path.isEmpty() ? "" : ".") + entry.key().text());
    }
}
