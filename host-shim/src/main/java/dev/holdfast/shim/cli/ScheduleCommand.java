package dev.holdfast.shim.cli;

import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Service;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.schedule.ScheduledSource;
import dev.holdfast.shim.daemon.ConfiguredSources;
import dev.holdfast.shim.host.HostHome;
import dev.holdfast.shim.service.ScheduleKey;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast schedule}. */
@Command(
        name = "schedule",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "list",
        description = "What runs when, by the configuration.",
        subcommands = ScheduleCommand.ListCommand.class)
final class ScheduleCommand implements Callable<Integer> {
    private static final List<String> HEAD = List.of("SOURCE", "SERVICE", "SCHEDULE", "NEXT", "LAST DUE", "LAST RUN");

    @Override
    public Integer call() {
        throw new IllegalArgumentException("say what: holdfast schedule list");
    }

    /** {@code holdfast schedule list}. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description =
                    "Shows when each source runs next, its share of the window included, and how its last run ended.")
    static final class ListCommand implements Callable<Integer> {
        @Option(names = "--json", description = "print one JSON object instead of text")
        private boolean json;

        @Override
        public Integer call() throws IOException {
            Console console = new Console(json ? Console.Form.JSON : Console.Form.TEXT, System.out, System.err);
            Configuration configuration = ConfigurationInput.required();
            HostHome home = Session.home();
            List<Line> lines = new ArrayList<>();
            List<String> warnings = new ArrayList<>();
            try (Catalog catalog = home.catalog()) {
                for (Service service : configuration.services().values()) {
                    ConfiguredSources.Listed listed = DaemonCommand.listed(home, configuration, service);
                    warnings.addAll(listed.warnings());
                    for (SourceName source : listed.sources()) {
                        lines.add(line(catalog, service, source));
                    }
                }
            }
            List<List<String>> rows = new ArrayList<>(List.of(HEAD));
            lines.forEach(line -> rows.add(line.row()));
            TextTable.print(console, rows);
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("command", "schedule");
            map.put("sources", lines.stream().map(Line::map).toList());
            console.result(map);
            warnings.forEach(console::warn);
            return warnings.isEmpty() ? ExitCode.DONE : ExitCode.WARNINGS;
        }

        private static Line line(Catalog catalog, Service service, SourceName source) throws IOException {
            String key = new ScheduleKey(service.name(), source).text();
            Optional<Instant> last = catalog.lastDue(key);
            Optional<Backup> run = catalog.list(Optional.of(source), 1).stream().findFirst();
            ScheduledSource scheduled =
                    new ScheduledSource(source, service.schedule(), service.group(), last.orElseGet(Instant::now));
            return new Line(service, source, scheduled.nextStart(), last, run);
        }
    }

    private record Line(
            Service service, SourceName source, Instant next, Optional<Instant> last, Optional<Backup> run) {
        List<String> row() {
            DateTimeFormatter time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm zzz", Locale.ROOT)
                    .withZone(service.schedule().zone());
            return List.of(
                    source.text(),
                    service.name(),
                    service.schedule().expression(),
                    time.format(next),
                    last.map(time::format).orElse("never"),
                    run.map(backup -> word(backup) + " "
                                    + time.format(backup.finished().orElse(backup.created())))
                            .orElse("none"));
        }

        private static String word(Backup backup) {
            return backup.status().name().toLowerCase(Locale.ROOT);
        }

        Map<String, Object> map() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("source", source.text());
            map.put("service", service.name());
            map.put("schedule", service.schedule().expression());
            map.put("zone", service.schedule().zone().getId());
            map.put("next", next.toString());
            last.ifPresent(due -> map.put("lastDue", due.toString()));
            run.ifPresent(backup -> map.put("lastRun", word(backup)));
            return map;
        }
    }
}
