package dev.holdfast.core.config;

import java.util.List;

/** The mappings of the file and the keys that each may have. Settings of storages are in {@link StorageTypes}. */
enum Shape {
    FILE("storages", "repositories", "services", "notifications", "limits"),
    REPOSITORY("storage", "prefix", "recipients"),
    SERVICE(
            "sources",
            "schedule",
            "retention",
            "repository",
            "copies",
            "tier",
            "rpo",
            "rto",
            "depends_on",
            "group",
            "hooks"),
    DISCOVER("patterns"),
    DISCOVER_SOURCE("discover"),
    DATABASE_SOURCE("container", "type", "name"),
    VOLUMES_SOURCE("volumes", "name", "consistency"),
    VOLUME_SOURCE("volume", "name", "consistency"),
    FOLDERS_SOURCE("folders", "name", "exclude", "one_file_system"),
    COMMAND_SOURCE("command", "container", "name", "as"),
    SCHEDULE("cron", "zone", "window"),
    RETENTION("last", "hourly", "daily", "weekly", "monthly", "yearly", "within"),
    COPY("storage", "prefix", "failure_domain", "immutable", "lock_mode", "retention"),
    HOOKS("before", "after"),
    WEBHOOK("webhook", "flavour"),
    MAIL("mail", "port", "security", "user", "password", "from", "to"),
    PING("ping", "service"),
    LIMITS("host", "groups");

    @SuppressWarnings("ImmutableEnumChecker") // it is one of List.of
    private final List<String> keys;

    Shape(String... keys) {
        this.keys = List.of(keys);
    }

    List<String> keys() {
        return keys;
    }
}
