package dev.holdfast.shim.cli;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.NotifierSettings;
import dev.holdfast.core.config.StorageSettings;
import dev.holdfast.shim.host.SecretFile;
import dev.holdfast.shim.host.StorageEntry;
import dev.holdfast.shim.host.Storages;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What this host has of what a configuration needs.
 *
 * @param errors why it could not run
 * @param warnings what would go wrong, or may surprise
 */
record HostFacts(List<String> errors, List<String> warnings) {
    static HostFacts of(Configuration configuration, Storages storages) {
        List<String> errors = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        configuration.storages().forEach((name, settings) -> {
            Optional<StorageEntry> added = storages.registered(name);
            boolean named = settings.type().equals(StorageSettings.REGISTERED);
            if (named && added.isEmpty()) {
                errors.add("storage " + name
                        + " is of type registered, but was not added to this host: holdfast storage add " + name
                        + ", or holdfast storage login");
            }
            StorageEntry entry = new StorageEntry(settings.type(), settings.settings(), settings.secrets());
            if (!named && added.isPresent() && !added.get().equals(entry)) {
                warnings.add("storage " + name + " was also added with holdfast storage add, with other settings:"
                        + " --storage " + name + " means that one, the daemon uses that of the configuration");
            }
        });
        for (String file : secretFiles(configuration)) {
            unreadable(Path.of(file)).ifPresent(warnings::add);
        }
        return new HostFacts(errors, warnings);
    }

    private static Set<String> secretFiles(Configuration configuration) {
        Set<String> references = new TreeSet<>();
        configuration
                .storages()
                .values()
                .forEach(storage -> references.addAll(storage.secrets().values()));
        for (NotifierSettings notifier : configuration.notifiers()) {
            switch (notifier) {
                case NotifierSettings.Webhook webhook -> references.add(webhook.url());
                case NotifierSettings.Mail mail -> mail.password().ifPresent(references::add);
                case NotifierSettings.Ping ping -> references.add(ping.url());
            }
        }
        Set<String> files = new TreeSet<>();
        for (String reference : references) {
            if (reference.startsWith("file:")) {
                files.add(reference.substring("file:".length()));
            }
        }
        return files;
    }

    private static Optional<String> unreadable(Path file) {
        try {
            return SecretFile.read(file).isBlank()
                    ? Optional.of("secret file " + file + " is empty")
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.of("secret file " + file + " is not there");
        } catch (IOException e) {
            return Optional.of("secret file " + file + " cannot be read: " + e.getMessage());
        }
    }
}
