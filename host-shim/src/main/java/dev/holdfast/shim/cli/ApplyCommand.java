package dev.holdfast.shim.cli;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.ConfigurationException;
import dev.holdfast.core.config.ConfigurationText;
import dev.holdfast.core.config.ParsedConfiguration;
import dev.holdfast.shim.daemon.DaemonCheck;
import dev.holdfast.shim.host.AppliedConfiguration;
import dev.holdfast.shim.host.Storages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code holdfast apply}. */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Takes a configuration over: shows what it changes against the one that is stored, and asks.",
            "The file is checked as a whole before. What is stored is a copy: later changes of the file mean nothing until the next apply."
        })
final class ApplyCommand implements Callable<Integer> {
    @Mixin
    private ConfigurationInput input = new ConfigurationInput();

    @Option(names = "--yes", description = "do not ask")
    private boolean yes;

    @Option(names = "--dry-run", description = "show what would change, and change nothing")
    private boolean dryRun;

    @Option(names = "--json", description = "print one JSON object instead of text; needs --yes or --dry-run")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (json && !yes && !dryRun) {
            throw new IllegalArgumentException("--json needs --yes or --dry-run");
        }
        Console console = new Console(json ? Console.Form.JSON : Console.Form.TEXT, System.out, System.err);
        byte[] bytes = input.bytes();
        ParsedConfiguration parsed = ConfigurationInput.reader().parse(bytes);
        ConfigurationInput.tell(input.file(), parsed);
        if (parsed.configuration().isEmpty()) {
            console.say("nothing was changed");
            report(console, "wrong", parsed, List.of());
            return ExitCode.WRONG_USE;
        }
        Configuration now = parsed.configuration().get();
        HostFacts facts = HostFacts.of(now, Storages.of(Session.home(), System.getenv()));
        facts.warnings().forEach(console::warn);
        if (!facts.errors().isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", facts.errors()));
        }
        AppliedConfiguration applied = ConfigurationInput.applied();
        List<String> changes = ConfigurationText.changes(stored(applied, console), now);
        changes.forEach(console::say);
        String text = new String(bytes, StandardCharsets.UTF_8);
        boolean same = changes.isEmpty() && applied.text().equals(Optional.of(text));
        if (changes.isEmpty()) {
            console.say("it means the same as what is applied");
        }
        if (dryRun) {
            report(console, "planned", parsed, changes);
            return ExitCode.DONE;
        }
        if (same) {
            List<String> problems = new ConfiguredRepositories(Session.home(), now, console).make();
            problems.forEach(console::warn);
            report(console, "unchanged", parsed, changes);
            return problems.isEmpty() ? ExitCode.DONE : ExitCode.WARNINGS;
        }
        if (!yes && !changes.isEmpty() && !console.confirm("Apply this?")) {
            throw new IOException("not confirmed, so nothing was changed (use --yes where nobody can be asked)");
        }
        List<String> problems = new ConfiguredRepositories(Session.home(), now, console).make();
        applied.replace(text);
        console.say("applied: " + ConfigCommand.summary(now));
        if (DaemonCheck.isRunning(Session.home().folder())) {
            console.say("the daemon goes on by the old one until SIGHUP, for example: systemctl reload holdfast");
        }
        problems.forEach(console::warn);
        report(console, problems.isEmpty() ? "applied" : "applied with warnings", parsed, changes);
        return problems.isEmpty() ? ExitCode.DONE : ExitCode.WARNINGS;
    }

    /** One that this program cannot read any more is replaced as if it were not there, which is said. */
    private static Optional<Configuration> stored(AppliedConfiguration applied, Console console) throws IOException {
        try {
            return applied.read();
        } catch (ConfigurationException e) {
            console.warn("the applied configuration cannot be read, so all is shown as new: " + e.getMessage());
            return Optional.empty();
        }
    }

    private void report(Console console, String status, ParsedConfiguration parsed, List<String> changes) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("command", "apply");
        result.put("status", status);
        result.put("file", input.file().toString());
        result.put("problems", ConfigurationInput.map(parsed));
        result.put("changes", changes);
        console.result(result);
    }
}
