package dev.holdfast.shim.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.ConfigurationException;
import dev.holdfast.core.config.ConfigurationFile;
import dev.holdfast.core.config.RepositorySettings;
import dev.holdfast.core.config.StorageSettings;
import dev.holdfast.core.config.StorageTypes;
import dev.holdfast.core.crypto.MasterKey;
import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.Secret;
import dev.holdfast.core.providers.Providers;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ObjectLock;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.Storage;
import dev.holdfast.core.storage.StorageOptions;
import dev.holdfast.core.storage.StorageSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The storages of this host by name: those that were added, which {@code storages.json} keeps, and then those of the applied configuration. A name with
 * a slash is a folder. Secrets are references or sealed with the instance's key and bound to the storage and setting they belong to.
 */
public final class Storages {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final ObjectKey PROBE = new ObjectKey("probe/holdfast-init");
    private static final String SEALED = "sealed:";

    private final HostHome home;
    private final Path file;
    private final Map<String, String> environment;
    private final Map<String, StorageEntry> entries = new LinkedHashMap<>();
    private final AppliedConfiguration applied;
    private Optional<String> defaultName = Optional.empty();

    private Storages(HostHome home, Map<String, String> environment) {
        this.home = home;
        this.file = home.folder().resolve("storages.json");
        this.environment = environment;
        // Nothing but storages is taken from it, so databases of any type are right here.
        this.applied = new AppliedConfiguration(home, new ConfigurationFile(ZoneOffset.UTC, Set.of()));
    }

    public static Storages of(HostHome home, Map<String, String> environment) throws IOException {
        Storages storages = new Storages(home, environment);
        if (Files.exists(storages.file)) {
            storages.read();
        }
        return storages;
    }

    private void read() throws IOException {
        JsonNode root;
        try {
            root = MAPPER.readTree(SecretFile.read(file));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw broken(e);
        }
        if (!root.isObject()) {
            throw broken(null);
        }
        defaultName = Optional.ofNullable(root.get("default")).map(JsonNode::asText);
        root.path("storages")
                .properties()
                .forEach(field -> entries.put(
                        field.getKey(),
                        new StorageEntry(
                                field.getValue().path("type").asText(),
                                texts(field.getValue().path("settings")),
                                texts(field.getValue().path("secrets")))));
    }

    private IOException broken(@Nullable Exception cause) {
        return new IOException(file + " is not JSON: mend it, or move it away and add the storages again", cause);
    }

    private static Map<String, String> texts(JsonNode node) {
        Map<String, String> texts = new LinkedHashMap<>();
        node.properties()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
        return texts;
    }

    private void write() throws IOException {
        ObjectNode root = MAPPER.createObjectNode();
        defaultName.ifPresent(name -> root.put("default", name));
        ObjectNode all = root.putObject("storages");
        entries.forEach((name, entry) -> {
            ObjectNode one = all.putObject(name).put("type", entry.type());
            one.set("settings", MAPPER.valueToTree(entry.settings()));
            one.set("secrets", MAPPER.valueToTree(entry.secrets()));
        });
        SecretFile.makeFolder(home.folder());
        SecretFile.replace(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    }

    public Map<String, StorageEntry> entries() {
        return Map.copyOf(entries);
    }

    public Optional<String> defaultName() {
        return defaultName;
    }

    /** A storage that was added to this host. */
    public Optional<StorageEntry> registered(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    /** The storages of the applied configuration but those that are only names of added ones. */
    public Map<String, StorageEntry> configured() throws IOException {
        Map<String, StorageEntry> configured = new LinkedHashMap<>();
        applied.read().map(Configuration::storages).orElse(Map.of()).forEach((name, settings) -> {
            if (!settings.type().equals(StorageSettings.REGISTERED)) {
                configured.put(name, new StorageEntry(settings.type(), settings.settings(), settings.secrets()));
            }
        });
        return configured;
    }

    /** Added storages, and those of the applied configuration whose names no added one has. */
    public Map<String, StorageEntry> all() throws IOException {
        Map<String, StorageEntry> all = configured();
        all.putAll(entries);
        return all;
    }

    /**
     * What to say when a name could mean two storages; empty when it means one.
     *
     * @param wanted as for {@link #open(Optional)}
     */
    public Optional<String> doubt(Optional<String> wanted) throws IOException {
        Optional<String> name = wanted.or(() -> defaultName).filter(entries::containsKey);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        try {
            StorageEntry other = configured().get(name.get());
            return other == null || other.equals(entries.get(name.get()))
                    ? Optional.empty()
                    : Optional.of("storage " + name.get() + " is the one that was added with holdfast storage add;"
                            + " the applied configuration has another one of this name, which the daemon uses");
        } catch (ConfigurationException e) {
            return Optional.of("the applied configuration cannot be read: " + e.getMessage());
        }
    }

    /** Adds or replaces a storage after its spec was found valid; the first one becomes the default. */
    public void put(String name, StorageEntry entry) throws IOException {
        requireName(name);
        spec(name, entry);
        entries.put(name, entry);
        defaultName = defaultName.or(() -> Optional.of(name));
        write();
    }

    /** Throws {@link IllegalArgumentException} for a name that no storage can have. */
    public static void requireName(String name) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw new IllegalArgumentException("a storage's name must be 1 to 64 of A-Z a-z 0-9 . _ -");
        }
    }

    public void remove(String name) throws IOException {
        if (!entries.containsKey(name) && configured().containsKey(name)) {
            throw new IllegalArgumentException("storage " + name
                    + " belongs to the applied configuration: take it out of the file, then: holdfast apply");
        }
        entry(name);
        entries.remove(name);
        defaultName = defaultName.filter(other -> !other.equals(name));
        write();
    }

    public void makeDefault(String name) throws IOException {
        entry(name);
        defaultName = Optional.of(name);
        write();
    }

    /** The entry of a name: an added one, or else one of the configuration. Throws {@link IllegalArgumentException} when there is none. */
    public StorageEntry entry(String name) throws IOException {
        StorageEntry added = entries.get(name);
        return added != null
                ? added
                : Optional.ofNullable(configured().get(name))
                        .orElseThrow(() -> new IllegalArgumentException(
                                "there is no storage " + name + "; add it with: holdfast storage add"));
    }

    /** Seals a secret for a storage's setting, as {@link StorageEntry#secrets()} keeps it. */
    public String seal(String storage, String setting, Secret secret) throws IOException {
        return SEALED + home.instanceKey().sealText(label(storage, setting), secret.reveal(), new SecureRandom());
    }

    private static String label(String storage, String setting) {
        return "storage " + storage + " " + setting;
    }

    /** Opens a storage by name or folder, or the default one. */
    public Storage open(Optional<String> wanted) throws IOException {
        Place place = place(wanted);
        return open(place.name(), place.entry(), place.prefix());
    }

    /** The same, and a folder that is missing is made: for a new repository only, so that a mount that is away is never filled. */
    public Storage openNew(Optional<String> wanted) throws IOException {
        Place place = place(wanted);
        return openNew(place.name(), place.entry(), place.prefix());
    }

    /** Opens what is below a prefix of a storage. */
    Storage open(String name, StorageEntry entry, String prefix) throws IOException {
        return open(spec(name, entry), StorageTypes.options(entry.settings()), prefix);
    }

    /** The same, and a folder that is missing is made. */
    Storage openNew(String name, StorageEntry entry, String prefix) throws IOException {
        StorageSpec spec = spec(name, entry);
        if (spec instanceof StorageSpec.Local local) {
            Files.createDirectories(local.root());
        }
        Storage storage = open(spec, StorageTypes.options(entry.settings()), prefix);
        if (spec instanceof StorageSpec.GoogleDrive) {
            makeRoot(storage);
        }
        return storage;
    }

    private static Storage open(StorageSpec spec, StorageOptions options, String prefix) throws IOException {
        return new Storage(Providers.open(spec, prefix), options);
    }

    /**
     * Opens the storage of a copy. A folder that is missing is not made: it may be a disk that is away.
     *
     * @param lock put on each new object; empty for none
     */
    public Storage openCopy(String wanted, Optional<ObjectLock> lock) throws IOException {
        Place place = place(Optional.of(wanted));
        return openCopy(place.name(), place.entry(), place.prefix(), lock);
    }

    /** The same for what is below a prefix. */
    Storage openCopy(String name, StorageEntry entry, String prefix, Optional<ObjectLock> lock) throws IOException {
        StorageSpec spec = spec(name, entry);
        if (lock.isPresent()) {
            if (!(spec instanceof StorageSpec.S3 bucket)) {
                throw new IllegalArgumentException(spec.describe()
                        + " cannot lock objects against deletion: leave the lock out, or copy to S3 Object Lock");
            }
            spec = bucket.with(lock.get());
        }
        Storage storage = open(spec, StorageTypes.options(entry.settings()), prefix);
        if (spec instanceof StorageSpec.GoogleDrive) {
            makeRoot(storage);
        }
        return storage;
    }

    /** What tells a storage from all others of this host: its name, or the whole path of a folder. */
    public String place(String wanted) {
        return wanted.contains("/")
                ? Path.of(wanted).toAbsolutePath().normalize().toString()
                : wanted;
    }

    /** In Google Drive the first put makes the root, and what is read before it fails. */
    private static void makeRoot(Storage storage) throws IOException {
        try {
            storage.put(PROBE, Body.of(new byte[1]), PutMode.REPLACE);
            storage.delete(PROBE);
        } catch (IOException | RuntimeException e) {
            storage.close();
            throw e;
        }
    }

    /** A storage, and where in it. */
    private record Place(String name, StorageEntry entry, String prefix) {}

    private Place place(Optional<String> wanted) throws IOException {
        Optional<String> name = wanted.or(() -> defaultName);
        if (name.isEmpty()) {
            return onlyRepository();
        }
        return name.get().contains("/")
                ? new Place(name.get(), ofFolder(name.get()), "")
                : new Place(name.get(), entry(name.get()), "");
    }

    /** Where a storage keeps its objects, if that is a folder of this host. */
    public Optional<RepositoryPlace> folder(Optional<String> wanted) throws IOException {
        Place place = place(wanted);
        return spec(place.name(), place.entry()) instanceof StorageSpec.Local(Path root)
                ? Optional.of(new RepositoryPlace(place.prefix().isEmpty() ? root : root.resolve(place.prefix())))
                : Optional.empty();
    }

    private static StorageEntry ofFolder(String path) {
        return new StorageEntry(
                "local", Map.of("path", Path.of(path).toAbsolutePath().toString()), Map.of());
    }

    /** Without a default storage, the repository of the applied configuration is meant, where it has one. */
    private Place onlyRepository() throws IOException {
        Map<String, RepositorySettings> repositories =
                applied.read().map(Configuration::repositories).orElse(Map.of());
        if (repositories.size() != 1) {
            throw new IllegalArgumentException(
                    repositories.isEmpty()
                            ? "say where the repository is with --storage, or add a storage with: holdfast storage add"
                            : "the applied configuration has several repositories: say which storage with --storage");
        }
        RepositorySettings only = repositories.values().iterator().next();
        return new Place(only.storage(), entry(only.storage()), only.prefix());
    }

    private StorageSpec spec(String name, StorageEntry entry) throws IOException {
        Map<String, Secret> secrets = new LinkedHashMap<>();
        for (Map.Entry<String, String> secret : entry.secrets().entrySet()) {
            secrets.put(secret.getKey(), reveal(name, secret.getKey(), secret.getValue()));
        }
        return StorageTypes.spec(entry.type(), entry.settings(), secrets);
    }

    /** The secret of a storage's setting, from what {@link StorageEntry#secrets()} keeps. */
    public Secret reveal(String storage, String setting, String reference) throws IOException {
        String what = "storage " + storage + ", secret " + setting;
        if (reference.startsWith("env:")) {
            String variable = reference.substring("env:".length());
            String value = environment.getOrDefault(variable, "");
            if (value.isEmpty()) {
                throw new IllegalArgumentException(what + ": environment variable " + variable + " is not set");
            }
            return Secret.of(value);
        }
        if (reference.startsWith("file:")) {
            return Secret.of(SecretFile.read(Path.of(reference.substring("file:".length())))
                    .strip());
        }
        if (reference.startsWith(SEALED)) {
            MasterKey key = home.instanceKey();
            return Secret.of(key.openText(label(storage, setting), reference.substring(SEALED.length())));
        }
        throw new IllegalArgumentException(what + ": must be env:NAME, file:/path or ask");
    }
}
