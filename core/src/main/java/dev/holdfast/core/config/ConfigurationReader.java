package dev.holdfast.core.config;

import dev.holdfast.core.crypto.Recipient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the whole of the file: each part, then what the parts say of each other. */
final class ConfigurationReader {
    /** Keys of the file that begin so are for anchors, and mean nothing themselves. */
    static final String ASIDE = "x-";

    private static final int MOST_AT_ONCE = 1000;

    private final PolicyReader policies;
    private final SourceReader sourceReader;
    private final CrossChecks checks = new CrossChecks();
    private Map<String, Spot> storageSpots = Map.of();
    private Map<String, Spot> repositorySpots = Map.of();
    private Map<String, Spot> serviceSpots = Map.of();

    ConfigurationReader(PolicyReader policies, SourceReader sources) {
        this.policies = policies;
        this.sourceReader = sources;
    }

    /** What the file says, as far as it can be understood: of use only when no error was told. */
    Optional<Configuration> read(Spot root) {
        return root.mapping()
                .map(mapping -> new YamlNode.Mapping(
                        mapping.at(),
                        mapping.entries().stream()
                                .filter(entry -> !entry.key().text().startsWith(ASIDE))
                                .toList()))
                .map(mapping -> read(Fields.of(root, mapping, Shape.FILE.keys())));
    }

    private Configuration read(Fields file) {
        storageSpots = someNamed(file, "storages");
        repositorySpots = file.get("repositories").map(Spot::named).orElse(Map.of());
        serviceSpots = someNamed(file, "services");
        Map<String, Optional<StorageSettings>> storages = new LinkedHashMap<>();
        storageSpots.forEach((name, spot) -> storages.put(name, StorageReader.read(spot)));
        Map<String, RepositorySettings> repositories = repositories(file);
        ServiceReader reader = new ServiceReader(
                new ServiceReader.Known(storages, repositories, serviceSpots.keySet()), policies, sourceReader, checks);
        Map<String, Service> services = new LinkedHashMap<>();
        serviceSpots.forEach((name, spot) -> reader.read(name, spot).ifPresent(service -> services.put(name, service)));
        checks.circles();
        NotifierReader notifiers = new NotifierReader(serviceSpots.keySet());
        List<NotifierSettings> notified = new ArrayList<>();
        for (Spot item : file.get("notifications").map(Spot::items).orElse(List.of())) {
            notifiers.read(item).ifPresent(notified::add);
        }
        Limits limits =
                file.get("limits").flatMap(found -> limits(found, services)).orElse(Limits.DEFAULT);
        if (!file.spot().problems().anyError()) {
            unused(repositories, services); // after an error, what is not understood would count as not used
        }
        Map<String, StorageSettings> whole = new LinkedHashMap<>();
        storages.forEach((name, settings) -> settings.ifPresent(found -> whole.put(name, found)));
        return new Configuration(whole, repositories, services, notified, limits);
    }

    private static Map<String, Spot> someNamed(Fields file, String key) {
        Optional<Spot> spot = file.required(key);
        Map<String, Spot> named = spot.map(Spot::named).orElse(Map.of());
        if (named.isEmpty()) {
            spot.filter(found -> found.node() instanceof YamlNode.Mapping)
                    .ifPresent(found -> found.error("must not be empty"));
        }
        return named;
    }

    private Map<String, RepositorySettings> repositories(Fields file) {
        Set<String> storages = storageSpots.keySet();
        Map<String, RepositorySettings> repositories = new LinkedHashMap<>();
        if (file.get("repositories").isEmpty()) {
            if (storages.size() > 1) {
                file.spot()
                        .error("there are several storages: say under repositories which one holds the backups,"
                                + " for example  default: {storage: "
                                + storages.iterator().next() + "}");
            }
            for (String only : storages.size() == 1 ? storages : Set.<String>of()) {
                RepositorySettings usual = new RepositorySettings(only, "", List.of());
                repositories.put(RepositorySettings.DEFAULT_NAME, usual);
                checks.repository(RepositorySettings.DEFAULT_NAME, usual, file.spot());
            }
            return repositories;
        }
        repositorySpots.forEach((name, spot) -> spot.fields(Shape.REPOSITORY)
                .flatMap(fields -> repository(fields, storages))
                .ifPresent(settings -> {
                    checks.repository(name, settings, spot);
                    repositories.put(name, settings);
                }));
        if (repositorySpots.isEmpty()) {
            file.get("repositories").ifPresent(spot -> spot.error("must not be empty; leave it out for the usual one"));
        }
        // A wrong one is told above; services that name it are right.
        repositorySpots
                .keySet()
                .forEach(name -> repositories.putIfAbsent(name, new RepositorySettings("?" + name, "", List.of())));
        return repositories;
    }

    private static Optional<RepositorySettings> repository(Fields fields, Set<String> storages) {
        boolean onlyOne = fields.get("storage").isEmpty() && storages.size() == 1;
        Optional<String> storage = onlyOne
                ? storages.stream().findFirst()
                : fields.required("storage").flatMap(found -> found.nameOf("storage", storages));
        Optional<String> prefix = ServiceReader.prefix(fields);
        List<String> recipients = fields.get("recipients")
                .map(found -> found.items().stream()
                        .flatMap(item -> item.text(ConfigurationReader::recipient).stream())
                        .toList())
                .orElse(List.of());
        return storage.flatMap(name -> prefix.map(before -> new RepositorySettings(name, before, recipients)));
    }

    private static String recipient(String text) {
        Recipient.parse(text);
        return text.strip();
    }

    private static Optional<Limits> limits(Spot spot, Map<String, Service> services) {
        return spot.fields(Shape.LIMITS).map(fields -> {
            int host = fields.get("host")
                    .flatMap(found -> found.whole(1, MOST_AT_ONCE))
                    .orElse(Limits.DEFAULT.host());
            Map<String, Spot> named = fields.get("groups").map(Spot::named).orElse(Map.of());
            Map<String, Integer> groups = new LinkedHashMap<>();
            named.forEach((name, found) -> found.whole(1, MOST_AT_ONCE).ifPresent(count -> groups.put(name, count)));
            if (!spot.problems().anyError()) {
                Set<String> used = new HashSet<>();
                services.values().forEach(service -> service.group().ifPresent(used::add));
                CrossChecks.unused("group", named, used);
            }
            return new Limits(host, groups);
        });
    }

    private void unused(Map<String, RepositorySettings> repositories, Map<String, Service> services) {
        Set<String> usedStorages = new HashSet<>();
        Set<String> usedRepositories = new HashSet<>();
        repositories.values().forEach(repository -> usedStorages.add(repository.storage()));
        services.values().forEach(service -> {
            usedRepositories.add(service.repository());
            service.copies().forEach(copy -> usedStorages.add(copy.storage()));
        });
        CrossChecks.unused("storage", storageSpots, usedStorages);
        CrossChecks.unused("repository", repositorySpots, usedRepositories);
    }
}
