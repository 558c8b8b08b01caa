package dev.holdfast.shim.cli;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.ConfigurationSchema;
import dev.holdfast.core.config.ConfigurationText;
import dev.holdfast.core.config.ParsedConfiguration;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code holdfast config}. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        description = "Checks and shows the configuration by which Holdfast runs by itself.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ConfigCommand.Check.class, ConfigCommand.Show.class, ConfigCommand.PrintSchema.class})
final class ConfigCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        Objects.requireNonNull(spec).commandLine().usage(System.out);
    }

    private static Console console(boolean json) {
        return new Console(json ? Console.Form.JSON : Console.Form.TEXT, System.out, System.err);
    }

    /** {@code holdfast config check}. */
    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description =
                    "Tells everything that is wrong with a configuration file, with line and column: exit code 2 then.")
    static final class Check implements Callable<Integer> {
        @Mixin
        private ConfigurationInput input = new ConfigurationInput();

        @Option(names = "--json", description = "print one JSON object instead of text")
        private boolean json;

        @Override
        public Integer call() throws IOException {
            Console console = console(json);
            ParsedConfiguration parsed = ConfigurationInput.reader().parse(input.bytes());
            boolean right = parsed.configuration().isPresent();
            ConfigurationInput.tell(input.file(), parsed);
            parsed.configuration()
                    .ifPresent(found -> console.say(input.file() + " is right: " + ConfigCommand.summary(found)));
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("command", "check");
            result.put("file", input.file().toString());
            result.put("status", right ? "right" : "wrong");
            result.put("problems", ConfigurationInput.map(parsed));
            console.result(result);
            return right ? ExitCode.DONE : ExitCode.WRONG_USE;
        }
    }

    /** {@code 2 storages, 1 repository, 3 services}. */
    static String summary(Configuration configuration) {
        return count(configuration.storages().size(), "storage", "storages") + ", "
                + count(configuration.repositories().size(), "repository", "repositories") + ", "
                + count(configuration.services().size(), "service", "services");
    }

    private static String count(int count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }

    /** {@code holdfast config show}. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows a configuration with every default filled in; never a secret.")
    static final class Show implements Callable<Integer> {
        @Mixin
        private ConfigurationInput input = new ConfigurationInput();

        @Option(names = "--applied", description = "the one that was taken over with holdfast apply, and not a file")
        private boolean applied;

        @Override
        public Integer call() throws IOException {
            if (applied) {
                Configuration found = ConfigurationInput.applied()
                        .read()
                        .orElseThrow(() ->
                                new NotFoundException("no configuration is applied; do it with: holdfast apply FILE"));
                System.out.print(ConfigurationText.of(found));
                return ExitCode.DONE;
            }
            ParsedConfiguration parsed = ConfigurationInput.reader().parse(input.bytes());
            ConfigurationInput.tell(input.file(), parsed);
            parsed.configuration().ifPresent(found -> System.out.print(ConfigurationText.of(found)));
            return parsed.configuration().isPresent() ? ExitCode.DONE : ExitCode.WRONG_USE;
        }
    }

    /** {@code holdfast config schema}. */
    @Command(
            name = "schema",
            mixinStandardHelpOptions = true,
            description = "Prints the JSON Schema of the configuration, with which editors complete it.")
    static final class PrintSchema implements Callable<Integer> {
        @Override
        public Integer call() {
            System.out.print(ConfigurationSchema.text());
            return ExitCode.DONE;
        }
    }
}
