package dev.holdfast.shim.cli;

import dev.holdfast.core.storage.Storage;
import dev.holdfast.shim.host.StorageEntry;
import dev.holdfast.shim.host.Storages;
import dev.holdfast.shim.login.LoginType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code holdfast storage}. */
@Command(
        name = "storage",
        mixinStandardHelpOptions = true,
        description = "Names the places where repositories are kept.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            StorageCommand.Add.class,
            StorageCommand.Login.class,
            StorageCommand.ListAll.class,
            StorageCommand.Show.class,
            StorageCommand.Test.class,
            StorageCommand.Remove.class,
            StorageCommand.Default.class
        })
final class StorageCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        Objects.requireNonNull(spec).commandLine().usage(System.out);
    }

    private static Storages storages() throws IOException {
        return Storages.of(Session.home(), System.getenv());
    }

    private static Map<String, Object> map(String name, StorageEntry entry, Optional<String> defaultName) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", name);
        map.put("type", entry.type());
        map.put("default", defaultName.equals(Optional.of(name)));
        map.put("settings", entry.settings());
        Map<String, String> secrets = new LinkedHashMap<>();
        entry.secrets().forEach((key, value) -> secrets.put(key, value.startsWith("sealed:") ? "sealed" : value));
        map.put("secrets", secrets);
        return map;
    }

    /** {@code holdfast storage add}. */
    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Adds a storage.",
                "",
                "  storage add nas local path=/mnt/nas/backups",
                "  storage add cloud r2 account=0123... bucket=backups access-key-id=abc secret-key=env:R2_SECRET",
                "  storage add box sftp host=box.example user=backup fingerprint=SHA256:... password=ask",
                "",
                "Types: local, aws, r2, spaces, b2, wasabi, minio, hetzner, s3, sftp, ftp, ftps, ftps-implicit, dropbox, gdrive.",
                "Dropbox and Google Drive are easier added with: holdfast storage login.",
                "A secret is env:NAME or file:/path, read at each use, or ask: typed (or one line of standard input) and kept sealed."
            })
    static final class Add implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "NAME", description = "its name")
        private @Nullable String name;

        @Parameters(index = "1", paramLabel = "TYPE", description = "its type")
        private @Nullable String type;

        @Parameters(index = "2..*", paramLabel = "SETTING=VALUE", description = "its settings")
        private List<String> settings = new ArrayList<>();

        @Override
        public Integer call() throws IOException {
            Storages storages = storages();
            String storage = Objects.requireNonNull(name);
            String kind = Objects.requireNonNull(type);
            Settings given = Settings.of(storages, storage, kind, settings);
            storages.put(storage, new StorageEntry(kind, given.plain(), given.secrets()));
            System.out.println("storage " + storage + " is added; try it with: holdfast storage test " + storage);
            return ExitCode.DONE;
        }
    }

    /** {@code holdfast storage login}. */
    @Command(
            name = "login",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Logs in to a storage in the browser, and adds it or renews the login of one that is there.",
                "",
                "  storage login dropbox box app-key=abc123 root=/backups",
                "",
                "The app is one of your own, made in the provider's console. The login is kept sealed and never printed."
            })
    static final class Login implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "TYPE", description = "dropbox or gdrive")
        private @Nullable String type;

        @Parameters(index = "1", paramLabel = "NAME", description = "its name")
        private @Nullable String name;

        @Parameters(index = "2..*", paramLabel = "SETTING=VALUE", description = "its settings, as for add")
        private List<String> settings = new ArrayList<>();

        @Override
        public Integer call() throws IOException {
            String wanted = Objects.requireNonNull(type);
            LoginType login = LoginType.ALL.stream()
                    .filter(each -> each.type().equals(wanted))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "a storage of type " + wanted + " needs no login; add it with: holdfast storage add"));
            Storages storages = storages();
            String storage = Objects.requireNonNull(name);
            Settings given = Settings.of(storages, storage, wanted, settings);
            new StorageLogin(storages, login, Settings.INPUT, System.out).run(storage, given.plain(), given.secrets());
            return ExitCode.DONE;
        }
    }

    /** {@code holdfast storage list}. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the storages; the default has a star.")
    static final class ListAll implements Callable<Integer> {
        @Option(names = "--json", description = "print one JSON object instead of text")
        private boolean json;

        @Override
        public Integer call() throws IOException {
            Storages storages = storages();
            Console console = new Console(json ? Console.Form.JSON : Console.Form.TEXT, System.out, System.err);
            Map<String, StorageEntry> all = new TreeMap<>(storages.all());
            all.forEach((name, entry) -> {
                boolean isDefault = storages.defaultName().equals(Optional.of(name));
                console.say((isDefault ? "* " : "  ") + name + "  " + entry.type()
                        + (storages.registered(name).isPresent() ? "" : "  (of the applied configuration)"));
            });
            if (all.isEmpty()) {
                console.say("no storages");
            }
            console.result(Map.of(
                    "storages",
                    all.entrySet().stream()
                            .map(each -> map(each.getKey(), each.getValue(), storages.defaultName()))
                            .toList()));
            return ExitCode.DONE;
        }
    }

    /** {@code holdfast storage show}. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows a storage's settings; never a secret.")
    static final class Show implements Callable<Integer> {
        @Parameters(paramLabel = "NAME", description = "its name")
        private @Nullable String name;

        @Option(names = "--json", description = "print one JSON object instead of text")
        private boolean json;

        @Override
        public Integer call() throws IOException {
            Storages storages = storages();
            Console console = new Console(json ? Console.Form.JSON : Console.Form.TEXT, System.out, System.err);
            String wanted = Objects.requireNonNull(name);
            Map<String, Object> map = map(wanted, storages.entry(wanted), storages.defaultName());
            map.forEach((key, value) -> console.say(key + ": " + value));
            console.result(map);
            return ExitCode.DONE;
        }
    }

    /** {@code holdfast storage test}. */
    @Command(
            name = "test",
            mixinStandardHelpOptions = true,
            description = "Writes, reads, lists and removes a small object under probe/, and says which step fails.")
    static final class Test implements Callable<Integer> {
        @Parameters(
                arity = "0..1",
                paramLabel = "NAME",
                description = "its name, or a folder; default: the default storage")
        private @Nullable String name;

        @Option(
                names = "--speed",
                paramLabel = "GIB",
                description = "then measures it with that many GiB in objects of 32 MiB")
        private int gibibytes;

        @Override
        public Integer call() throws IOException {
            try (Storage storage = storages().open(Optional.ofNullable(name))) {
                List<StorageProbe.Step> steps = StorageProbe.run(storage);
                boolean good = true;
                for (StorageProbe.Step step : steps) {
                    good &= step.failure().isEmpty();
                    System.out.printf(
                            java.util.Locale.ROOT,
                            "%-7s %-6s %5d ms  %s%n",
                            step.name(),
                            step.failure().isEmpty() ? "ok" : "FAILED",
                            step.millis(),
                            step.failure().orElse(""));
                }
                if (good && gibibytes > 0) {
                    StorageSpeed.Rates rates = new StorageSpeed(storage, gibibytes * 32).run();
                    System.out.printf(
                            java.util.Locale.ROOT,
                            "%d GiB: up %.1f MB/s, down %.1f MB/s%n",
                            gibibytes,
                            rates.up() / 1e6,
                            rates.down() / 1e6);
                }
                return good ? ExitCode.DONE : ExitCode.FAILED;
            }
        }
    }

    /** {@code holdfast storage remove}. */
    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Forgets a storage and its secrets. What is stored there stays.")
    static final class Remove implements Callable<Integer> {
        @Parameters(paramLabel = "NAME", description = "its name")
        private @Nullable String name;

        @Override
        public Integer call() throws IOException {
            storages().remove(Objects.requireNonNull(name));
            System.out.println("storage " + name + " is removed from this host; what is stored there stays");
            return ExitCode.DONE;
        }
    }

    /** {@code holdfast storage default}. */
    @Command(
            name = "default",
            mixinStandardHelpOptions = true,
            description = "Chooses the storage that is used when none is named.")
    static final class Default implements Callable<Integer> {
        @Parameters(paramLabel = "NAME", description = "its name")
        private @Nullable String name;

        @Override
        public Integer call() throws IOException {
            storages().makeDefault(Objects.requireNonNull(name));
            System.out.println("storage " + name + " is the default");
            return ExitCode.DONE;
        }
    }
}
