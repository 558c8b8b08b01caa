package dev.holdfast.shim.host;

import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.catalog.LeaseOwner;
import dev.holdfast.core.catalog.Liveness;
import dev.holdfast.core.catalog.sqlite.SqliteCatalog;
import dev.holdfast.core.crypto.AuthenticationFailedException;
import dev.holdfast.core.crypto.HostKey;
import dev.holdfast.core.crypto.Identity;
import dev.holdfast.core.crypto.MasterKey;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.model.RepositoryId;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The folder where this host keeps what it needs between runs: {@code instance.key} seals the configuration, {@code host.key} signs snapshots,
 * {@code secrets/<repository id>} are the secrets of repositories it writes to, {@code identities/} the keys it may read with, and {@code
 * catalog.db} the records of runs. Everything in it is for its owner alone.
 */
public final class HostHome {
    private final Path folder;
    private final SecureRandom random;

    private HostHome(Path folder, SecureRandom random) {
        this.folder = folder;
        this.random = random;
    }

    /** {@code HOLDFAST_HOME}, or {@code /var/lib/holdfast} for root, or {@code ~/.local/share/holdfast}. Nothing is made yet. */
    public static HostHome of(Map<String, String> environment, String user, Path userHome, SecureRandom random) {
        String set = environment.getOrDefault("HOLDFAST_HOME", "");
        if (!set.isEmpty()) {
            return new HostHome(Path.of(set).toAbsolutePath(), random);
        }
        return new HostHome(
                user.equals("root") ? Path.of("/var/lib/holdfast") : userHome.resolve(".local/share/holdfast"), random);
    }

    public Path folder() {
        return folder;
    }

    /** The key that seals this host's configuration; made at the first use. */
    public MasterKey instanceKey() throws IOException {
        Path file = folder.resolve("instance.key");
        if (!Files.exists(file)) {
            SecretFile.makeFolder(folder);
            createUnlessThere(file, MasterKey.generate(random).secretText() + "\n");
        }
        return parsed(file, text -> (MasterKey) Identity.parseFile(text).getFirst());
    }

    /** The key that signs this host's snapshots; made at the first use. */
    public HostKey hostKey() throws IOException {
        Path file = folder.resolve("host.key");
        if (!Files.exists(file)) {
            SecretFile.makeFolder(folder);
            createUnlessThere(file, HostKey.generate(random).secretText() + "\n");
        }
        return parsed(file, HostKey::parse);
    }

    /** A key file that is broken is told by its name, and never by its text. */
    private static <T> T parsed(Path file, Function<String, T> parser) throws IOException {
        String text = SecretFile.read(file);
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is damaged: " + e.getMessage() + "; bring it back from a copy", e);
        }
    }

    private static void createUnlessThere(Path file, String text) throws IOException {
        try {
            SecretFile.create(file, text);
        } catch (java.nio.file.FileAlreadyExistsException e) {
            if (!Files.isRegularFile(file)) {
                throw e;
            }
        }
    }

    /** Keeps the secret of a repository that this host writes to. */
    public void keepSecret(RepositoryId repository, RepositorySecret secret) throws IOException {
        SecretFile.makeFolder(folder.resolve("secrets"));
        SecretFile.replace(
                secretFile(repository),
                instanceKey()
                                .sealText(
                                        "repository secret " + repository,
                                        HexFormat.of().formatHex(secret.export()),
                                        random)
                        + "\n");
    }

    /** The secret of a repository; empty when this host does not hold it. */
    public Optional<RepositorySecret> secret(RepositoryId repository) throws IOException {
        Path file = secretFile(repository);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            String hex = instanceKey()
                    .openText(
                            "repository secret " + repository,
                            SecretFile.read(file).strip());
            return Optional.of(RepositorySecret.of(HexFormat.of().parseHex(hex)));
        } catch (AuthenticationFailedException e) {
            throw new IOException(
                    file + " is damaged or of another instance.key: " + e.getMessage()
                            + "; join the repository again with: holdfast init --join --identity FILE",
                    e);
        }
    }

    /** Removes what was kept for a repository that was not made after all. */
    public void drop(RepositoryId repository) throws IOException {
        Files.deleteIfExists(secretFile(repository));
        Files.deleteIfExists(identityFile(repository));
    }

    private Path secretFile(RepositoryId repository) {
        return folder.resolve("secrets").resolve(repository.hex());
    }

    /** Where {@code init} puts an identity that it makes itself. */
    public Path identityFile(RepositoryId repository) throws IOException {
        SecretFile.makeFolder(folder.resolve("identities"));
        return folder.resolve("identities").resolve(repository.hex() + ".key");
    }

    /** Every identity that is kept on this host; none is a good answer. */
    public List<Identity> identities() throws IOException {
        Path identities = folder.resolve("identities");
        if (!Files.isDirectory(identities)) {
            return List.of();
        }
        List<Identity> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(identities)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".key"))
                    .sorted()
                    .toList()) {
                found.addAll(parsed(file, Identity::parseFile));
            }
        }
        return found;
    }

    public Catalog catalog() throws IOException {
        SecretFile.makeFolder(folder);
        return SqliteCatalog.open(folder.resolve("catalog.db"), Clock.systemUTC(), Liveness.ofProcesses(hostName()));
    }

    /** This process as the owner of leases. */
    public String owner() throws IOException {
        return LeaseOwner.ofThisProcess(hostName()).text();
    }

    /** The name of this machine, as shown to people. */
    public static String hostName() throws IOException {
        Path file = Path.of("/etc/hostname");
        String name = Files.isReadable(file) ? Files.readString(file).strip() : "";
        return name.isEmpty() ? InetAddress.getLocalHost().getHostName() : name;
    }
}
