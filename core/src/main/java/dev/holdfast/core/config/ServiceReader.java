package dev.holdfast.core.config;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.retention.RetentionPolicy;
import dev.holdfast.core.schedule.Schedule;
import dev.holdfast.core.storage.ObjectLock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads one service. */
final class ServiceReader {
    private static final int LOWEST_TIER = 9;
    private static final int USUAL_TIER = 2;

    private static final Map<String, ObjectLock.Mode> LOCK_MODES =
            new TreeMap<>(Map.of("governance", ObjectLock.Mode.GOVERNANCE, "compliance", ObjectLock.Mode.COMPLIANCE));

    /** What a run may take beyond its time and window before the default promise is broken. */
    private static final Duration SLACK = Duration.ofHours(1);

    private final Known known;
    private final PolicyReader policies;
    private final SourceReader sources;
    private final CrossChecks checks;

    /** The names that the file has, whether what they stand for is right or not. */
    record Known(
            Map<String, Optional<StorageSettings>> storages,
            Map<String, RepositorySettings> repositories,
            Set<String> services) {}

    ServiceReader(Known known, PolicyReader policies, SourceReader sources, CrossChecks checks) {
        this.known = known;
        this.policies = policies;
        this.sources = sources;
        this.checks = checks;
    }

    Optional<Service> read(String name, Spot spot) {
        return spot.fields(Shape.SERVICE).flatMap(fields -> read(name, fields));
    }

    private Optional<Service> read(String name, Fields fields) {
        List<SourceRule> rules = fields.required("sources").map(this::rules).orElse(List.of());
        Schedule schedule = fields.get("schedule").flatMap(policies::schedule).orElseGet(policies::nightly);
        RetentionPolicy retention =
                fields.get("retention").flatMap(policies::retention).orElse(RetentionPolicy.DEFAULT);
        int tier =
                fields.get("tier").flatMap(found -> found.whole(1, LOWEST_TIER)).orElse(USUAL_TIER);
        Optional<Duration> rto = fields.get("rto").flatMap(Spot::duration);
        List<String> dependsOn =
                fields.get("depends_on").map(found -> dependencies(name, found)).orElse(List.of());
        Optional<String> repository = repository(fields);
        List<CopyRule> copies =
                fields.get("copies").map(found -> copies(found, repository)).orElse(List.of());
        HookSettings hooks = fields.get("hooks").flatMap(ServiceReader::hooks).orElse(HookSettings.NONE);
        Optional<String> group = fields.get("group").flatMap(ServiceReader::name);
        Duration rpo = rpo(fields, schedule);
        return repository.map(stored ->
                new Service(name, tier, rpo, rto, dependsOn, stored, rules, schedule, retention, copies, hooks, group));
    }

    private List<SourceRule> rules(Spot spot) {
        List<Spot> items = spot.items();
        if (spot.isSequence() && items.isEmpty()) {
            spot.error("must not be empty: discover takes every database");
        }
        List<SourceRule> rules = new ArrayList<>();
        for (Spot item : items) {
            sources.read(item).ifPresent(rule -> {
                checks.source(rule, item);
                rules.add(rule);
            });
        }
        return rules;
    }

    /** Without one it is the time between two runs, the window they are spread over, and an hour. */
    private Duration rpo(Fields fields, Schedule schedule) {
        Duration gap = policies.gaps(schedule).longest();
        Optional<Spot> spot = fields.get("rpo");
        Optional<Duration> given = spot.flatMap(Spot::duration);
        if (given.isPresent() && given.get().compareTo(gap) < 0) {
            spot.ifPresent(where -> where.warning(
                    "is shorter than the time between two runs, " + DurationText.of(gap) + ": it will be missed"));
        }
        return given.orElseGet(() -> gap.plus(schedule.window()).plus(SLACK));
    }

    private List<String> dependencies(String name, Spot spot) {
        List<String> found = new ArrayList<>();
        for (Spot item : spot.items()) {
            item.nameOf("service", known.services()).ifPresent(other -> {
                checks.dependency(name, other, item);
                found.add(other);
            });
        }
        return found;
    }

    private Optional<String> repository(Fields fields) {
        Set<String> names = known.repositories().keySet();
        Optional<Spot> given = fields.get("repository");
        if (given.isPresent()) {
            return given.get().nameOf("repository", names);
        }
        if (names.contains(RepositorySettings.DEFAULT_NAME)) {
            return Optional.of(RepositorySettings.DEFAULT_NAME);
        }
        return switch (names.size()) {
            case 0 -> Optional.empty(); // told where the repositories are read
            case 1 -> names.stream().findFirst();
            default -> fields.spot().error("key repository is missing; there is " + String.join(", ", names));
        };
    }

    private List<CopyRule> copies(Spot spot, Optional<String> repository) {
        List<CopyRule> found = new ArrayList<>();
        for (Spot item : spot.items()) {
            item.fields(Shape.COPY).flatMap(fields -> copy(fields)).ifPresent(copy -> {
                repository.ifPresent(stored -> checks.copy(copy, stored, item));
                found.add(copy);
            });
        }
        return found;
    }

    private Optional<CopyRule> copy(Fields fields) {
        Optional<String> storage = fields.required("storage")
                .flatMap(found -> found.nameOf("storage", known.storages().keySet()));
        Optional<String> prefix = prefix(fields);
        Optional<String> domain = fields.get("failure_domain").flatMap(Spot::text);
        Optional<Spot> immutableSpot = fields.get("immutable");
        Optional<Duration> immutable = immutableSpot.flatMap(ServiceReader::lockTime);
        Optional<Spot> modeSpot = fields.get("lock_mode");
        ObjectLock.Mode mode = modeSpot.flatMap(found -> found.word(LOCK_MODES)).orElse(ObjectLock.Mode.GOVERNANCE);
        modeSpot.filter(found -> immutableSpot.isEmpty())
                .ifPresent(found -> found.error("means nothing without immutable"));
        Optional<RetentionPolicy> retention = fields.get("retention").flatMap(policies::retention);
        immutableSpot.ifPresent(where -> storage.flatMap(
                        name -> known.storages().getOrDefault(name, Optional.empty()))
                .filter(settings ->
                        !settings.type().equals(StorageSettings.REGISTERED) && !StorageTypes.canLock(settings.type()))
                .ifPresent(settings -> where.error(
                        "a storage of type " + settings.type() + " cannot lock what it holds: leave it out")));
        return storage.flatMap(
                name -> prefix.map(before -> new CopyRule(name, before, domain, immutable, mode, retention)));
    }

    private static Optional<Duration> lockTime(Spot spot) {
        return spot.duration()
                .flatMap(time -> time.compareTo(Duration.ofDays(1)) < 0
                        ? spot.error("must be a day or longer: storages lock by days")
                        : spot.made(() -> ObjectLock.covering(ObjectLock.Mode.GOVERNANCE, time))
                                .map(lock -> time));
    }

    /** With a slash at its end; empty where there is none. */
    static Optional<String> prefix(Fields fields) {
        Optional<Spot> spot = fields.get("prefix");
        return spot.isEmpty()
                ? Optional.of("")
                : spot.get()
                        .text(text -> new ObjectKey(text.endsWith("/") ? text.substring(0, text.length() - 1) : text))
                        .map(key -> key.text() + "/");
    }

    private static Optional<HookSettings> hooks(Spot spot) {
        return spot.fields(Shape.HOOKS)
                .map(fields -> new HookSettings(
                        fields.get("before").map(Spot::someTexts).orElse(List.of()),
                        fields.get("after").map(Spot::someTexts).orElse(List.of())));
    }

    private static Optional<String> name(Spot spot) {
        return spot.text()
                .flatMap(text -> Spot.NAME.matcher(text).matches()
                        ? Optional.of(text)
                        : spot.error("must be 1 to 64 of A-Z a-z 0-9 . _ - and begin with a letter or digit"));
    }
}
