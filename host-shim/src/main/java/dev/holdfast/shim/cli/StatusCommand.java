package dev.holdfast.shim.cli;

import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.freshness.Overall;
import dev.holdfast.core.freshness.Verdict;
import dev.holdfast.shim.daemon.DaemonCheck;
import dev.holdfast.shim.daemon.Outlook;
import dev.holdfast.shim.host.HostHome;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Shows for every source and every copy whether its newest good backup is as young as promised.",
            "Looks into the storages themselves. Exit code 1 when one is stale, 3 when something needs a look."
        })
final class StatusCommand implements Callable<Integer> {
    private static final List<String> HEAD = List.of("SOURCE", "STATE", "NEWEST", "WHY");

    @Option(names = "--json", description = "print one JSON object instead of text")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Console console = new Console(json ? Console.Form.JSON : Console.Form.TEXT, System.out, System.err);
        Configuration configuration = ConfigurationInput.required();
        HostHome home = Session.home();
        boolean daemon = DaemonCheck.isRunning(home.folder());
        Outlook.Seen seen;
        try (Catalog catalog = home.catalog()) {
            seen = DaemonCommand.outlook(home, catalog).look(configuration, Instant.now());
        }
        print(console, seen);
        seen.troubles().forEach(trouble -> console.warn(trouble.text()));
        if (!daemon) {
            console.warn("no daemon runs on this host: nothing is backed up by itself");
        }
        Overall overall = Overall.of(seen.verdicts());
        int code = seen.troubles().isEmpty() ? overall.exitCode() : ExitCode.FAILED;
        int whole = code == ExitCode.DONE && !daemon ? ExitCode.WARNINGS : code;
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("command", "status");
        map.put("status", overall.name().toLowerCase(Locale.ROOT));
        map.put("daemon", daemon);
        map.put("subjects", seen.verdicts().stream().map(StatusCommand::map).toList());
        map.put("troubles", seen.troubles().stream().map(Outlook.Trouble::text).toList());
        console.result(map);
        return whole;
    }

    private static void print(Console console, Outlook.Seen seen) {
        DateTimeFormatter time =
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());
        List<List<String>> rows = new ArrayList<>(List.of(HEAD));
        for (Verdict verdict : seen.verdicts()) {
            String title = verdict.subject().title();
            String why = verdict.state().reason();
            rows.add(List.of(
                    title,
                    verdict.state().word(),
                    verdict.newest().map(time::format).orElse("-"),
                    why.startsWith(title + ": ") ? why.substring(title.length() + 2) : why));
        }
        TextTable.print(console, rows);
    }

    private static Map<String, Object> map(Verdict verdict) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("subject", verdict.subject().key());
        map.put("service", verdict.subject().service());
        verdict.subject().source().ifPresent(source -> map.put("source", source.text()));
        verdict.subject().copy().ifPresent(copy -> map.put("copy", copy));
        map.put("state", verdict.state().word());
        verdict.newest().ifPresent(newest -> map.put("newest", newest.toString()));
        map.put("why", verdict.state().reason());
        return map;
    }
}
