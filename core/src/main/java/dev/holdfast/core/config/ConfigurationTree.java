package dev.holdfast.core.config;

import dev.holdfast.core.retention.RetentionPolicy;
import dev.holdfast.core.retention.Within;
import dev.holdfast.core.schedule.Schedule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A configuration as maps and lists, in the shape of its file, with every default filled in. Secrets are references in it, as everywhere. */
final class ConfigurationTree {
    private ConfigurationTree() {}

    static Map<String, Object> of(Configuration configuration) {
        Map<String, Object> tree = new LinkedHashMap<>();
        Map<String, Object> storages = new LinkedHashMap<>();
        configuration.storages().forEach((name, storage) -> storages.put(name, storage(storage)));
        tree.put("storages", storages);
        Map<String, Object> repositories = new LinkedHashMap<>();
        configuration.repositories().forEach((name, repository) -> repositories.put(name, repository(repository)));
        tree.put("repositories", repositories);
        Map<String, Object> services = new LinkedHashMap<>();
        configuration.services().forEach((name, service) -> services.put(name, service(service)));
        tree.put("services", services);
        tree.put(
                "notifications",
                configuration.notifiers().stream()
                        .map(ConfigurationTree::notifier)
                        .toList());
        Map<String, Object> limits = new LinkedHashMap<>();
        limits.put("host", configuration.limits().host());
        limits.put("groups", new TreeMap<>(configuration.limits().groups()));
        tree.put("limits", limits);
        return tree;
    }

    private static Map<String, Object> storage(StorageSettings storage) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("type", storage.type());
        map.putAll(storage.settings());
        map.putAll(storage.secrets());
        return map;
    }

    private static Map<String, Object> repository(RepositorySettings repository) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("storage", repository.storage());
        putUnless(map, "prefix", repository.prefix(), "");
        putUnless(map, "recipients", repository.recipients(), List.of());
        return map;
    }

    private static void putUnless(Map<String, Object> map, String key, Object value, Object nothing) {
        if (!value.equals(nothing)) {
            map.put(key, value);
        }
    }

    private static Map<String, Object> service(Service service) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(
                "sources",
                service.sources().stream().map(ConfigurationTree::source).toList());
        map.put("schedule", schedule(service.schedule()));
        map.put("retention", retention(service.retention()));
        map.put("repository", service.repository());
        map.put("copies", service.copies().stream().map(ConfigurationTree::copy).toList());
        map.put("tier", service.tier());
        map.put("rpo", DurationText.of(service.rpo()));
        service.rto().ifPresent(rto -> map.put("rto", DurationText.of(rto)));
        map.put("depends_on", service.dependsOn());
        service.group().ifPresent(group -> map.put("group", group));
        Map<String, Object> hooks = new LinkedHashMap<>();
        putUnless(hooks, "before", service.hooks().before(), List.of());
        putUnless(hooks, "after", service.hooks().after(), List.of());
        putUnless(map, "hooks", hooks, Map.of());
        return map;
    }

    private static Object source(SourceRule rule) {
        Map<String, Object> map = new LinkedHashMap<>();
        switch (rule) {
            case SourceRule.Discover(List<String> patterns) -> {
                if (patterns.isEmpty()) {
                    return "discover";
                }
                map.put("discover", Map.of("patterns", patterns));
            }
            case SourceRule.Database database -> {
                map.put("container", database.container());
                database.type().ifPresent(type -> map.put("type", type));
                map.put("name", database.name().text());
            }
            case SourceRule.ContainerVolumes volumes -> {
                map.put("volumes", volumes.container());
                map.put("name", volumes.name().text());
                volumes.consistency().ifPresent(how -> map.put("consistency", how));
            }
            case SourceRule.Volume volume -> {
                map.put("volume", volume.volume());
                map.put("name", volume.name().text());
                volume.consistency().ifPresent(how -> map.put("consistency", how));
            }
            case SourceRule.Folders folders -> {
                map.put(
                        "folders",
                        folders.folders().stream().map(Path::toString).toList());
                map.put("name", folders.name().text());
                putUnless(map, "exclude", folders.exclude(), List.of());
                map.put("one_file_system", folders.oneFileSystem());
            }
            case SourceRule.Command command -> {
                map.put("command", command.words());
                command.container().ifPresent(container -> map.put("container", container));
                map.put("name", command.name().text());
                command.as().ifPresent(as -> map.put("as", as));
            }
        }
        return map;
    }

    private static Map<String, Object> schedule(Schedule schedule) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("cron", schedule.expression());
        map.put("zone", schedule.zone().getId());
        map.put("window", DurationText.of(schedule.window()));
        return map;
    }

    private static Map<String, Object> retention(RetentionPolicy policy) {
        Map<String, Object> map = new LinkedHashMap<>();
        putUnless(map, "last", policy.last(), 0);
        putUnless(map, "hourly", policy.hourly(), 0);
        putUnless(map, "daily", policy.daily(), 0);
        putUnless(map, "weekly", policy.weekly(), 0);
        putUnless(map, "monthly", policy.monthly(), 0);
        putUnless(map, "yearly", policy.yearly(), 0);
        policy.within().ifPresent(within -> map.put("within", within(within)));
        return map;
    }

    private static String within(Within within) {
        List<String> parts = new ArrayList<>();
        addPart(parts, within.years(), "y");
        addPart(parts, within.months(), "m");
        addPart(parts, within.days(), "d");
        addPart(parts, within.hours(), "h");
        return String.join("", parts);
    }

    private static void addPart(List<String> parts, int count, String unit) {
        if (count > 0) {
            parts.add(count + unit);
        }
    }

    private static Map<String, Object> copy(CopyRule copy) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("storage", copy.storage());
        putUnless(map, "prefix", copy.prefix(), "");
        copy.failureDomain().ifPresent(domain -> map.put("failure_domain", domain));
        copy.immutable().ifPresent(time -> {
            map.put("immutable", DurationText.of(time));
            map.put("lock_mode", NotifierReader.word(copy.lockMode()));
        });
        copy.retention().ifPresent(policy -> map.put("retention", retention(policy)));
        return map;
    }

    private static Map<String, Object> notifier(NotifierSettings notifier) {
        Map<String, Object> map = new LinkedHashMap<>();
        switch (notifier) {
            case NotifierSettings.Webhook webhook -> {
                map.put("webhook", webhook.url());
                map.put("flavour", NotifierReader.word(webhook.flavour()));
            }
            case NotifierSettings.Mail mail -> {
                map.put("mail", mail.host());
                map.put("port", mail.port());
                map.put("security", NotifierReader.word(mail.security()));
                mail.user().ifPresent(user -> map.put("user", user));
                mail.password().ifPresent(password -> map.put("password", password));
                map.put("from", mail.from());
                map.put("to", mail.to());
            }
            case NotifierSettings.Ping ping -> {
                map.put("ping", ping.url());
                ping.service().ifPresent(service -> map.put("service", service));
            }
        }
        return map;
    }
}
