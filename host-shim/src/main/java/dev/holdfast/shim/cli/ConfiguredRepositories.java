package dev.holdfast.shim.cli;

import dev.holdfast.core.chunk.Chunking;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.CopyRule;
import dev.holdfast.core.config.RepositorySettings;
import dev.holdfast.core.config.Service;
import dev.holdfast.core.crypto.Recipient;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.storage.Storage;
import dev.holdfast.shim.host.ConfiguredStorages;
import dev.holdfast.shim.host.HostHome;
import dev.holdfast.shim.host.Storages;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the repositories of a configuration that are not there yet, and the folders of copies, so that the daemon finds all it writes to. */
final class ConfiguredRepositories {
    private final HostHome home;
    private final Configuration configuration;
    private final ConfiguredStorages storages;
    private final Console console;
    private final List<String> problems = new ArrayList<>();

    ConfiguredRepositories(HostHome home, Configuration configuration, Console console) throws IOException {
        this.home = home;
        this.configuration = configuration;
        this.storages = new ConfiguredStorages(Storages.of(home, System.getenv()), configuration);
        this.console = console;
    }

    /** Makes what is missing; gives what could not be made or may not be written to. */
    List<String> make() {
        configuration.repositories().forEach((name, settings) -> tried("repository " + name, () -> make(settings)));
        for (Map.Entry<String, Service> service : configuration.services().entrySet()) {
            for (CopyRule copy : service.getValue().copies()) {
                tried(
                        "the copy in " + copy.storage() + " of service " + service.getKey(),
                        () -> storages.openNew(copy).close());
            }
        }
        return List.copyOf(problems);
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private void tried(String what, Work work) {
        try {
            work.run();
        } catch (IOException | RuntimeException e) {
            problems.add(what + ": " + Console.sentence(e));
        }
    }

    private void make(RepositorySettings settings) throws IOException {
        try (Storage storage = storages.openNew(settings)) {
            Optional<Repository> found = Repository.find(storage);
            if (found.isEmpty()) {
                List<Recipient> recipients = settings.recipients().stream()
                        .<Recipient>map(Recipient::parse)
                        .toList();
                new RepositoryMaker(home, new SecureRandom())
                        .make(storage, Chunking.CONTENT_DEFINED, recipients)
                        .say(console);
                return;
            }
            RepositoryId id = found.get().descriptor().repository();
            if (home.secret(id).isEmpty()) {
                throw new IOException("storage " + settings.storage() + " has repository " + id
                        + ", which this host does not know: if it is yours, join it with: holdfast init --join --storage "
                        + settings.storage() + " --identity FILE");
            }
        }
    }
}
