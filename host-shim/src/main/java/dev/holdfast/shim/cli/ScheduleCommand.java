package dev.holdfast.shim.cli;

import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Service;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
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
    private static final List<String> HEAD = List.of("SERVICE", "SCHEDULE", "NEXT", "LAST DUE", "LAST RUNS");
    private static final int RUNS_LOOKED_AT = 1000;

    @Override
    public Integer call() {
        throw new IllegalArgumentException("say what: holdfast schedule list");
    }

    /** {@code holdfast schedule list}. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Shows when each service runs next, and how its last runs ended.")
    static final class ListCommand implements Callable<Integer> {
        @Option(names = "--json", description = "print one JSON object instead of text")
        private boolean json;

        @Override
        public Integer call() throws IOException {
            Console console = new Console(json ? Console.Form.JSON : Console.Form.TEXT, System.out, System.err);
            Configuration configuration = Session.configuration();
            List<Line> lines = new ArrayList<>();
            try (Catalog catalog = Session.home().catalog()) {
                List<Backup> runs = catalog.list(Optional.empty(), RUNS_LOOKED_AT);
                for (Service service : configuration.services().values()) {
                    lines.add(line(catalog, service, runs));
                }
            }
            List<List<String>> rows = new ArrayList<>(List.of(HEAD));
            lines.forEach(line -> rows.add(line.row()));
            TextTable.print(console, rows);
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("command", "schedule");
            map.put("services", lines.stream().map(Line::map).toList());
            console.result(map);
            return ExitCode.DONE;
        }

        private static Line line(Catalog catalog, Service service, List<Backup> runs) throws IOException {
            Optional<Instant> last = catalog.lastDue(service.name());
            Map<String, Integer> ends = new LinkedHashMap<>();
            for (Backup run : runs) {
                boolean ofLast = run.plan()
                        .filter(plan -> plan.schedule().equals(service.name()))
                        .filter(plan -> last.equals(Optional.of(plan.due())))
                        .isPresent();
                if (ofLast) {
                    ends.merge(run.status().name().toLowerCase(Locale.ROOT), 1, Integer::sum);
                }
            }
            return new Line(service, service.schedule().next(Instant.now()), last, ends);
        }
    }

    private record Line(Service service, Instant next, Optional<Instant> last, Map<String, Integer> ends) {
        List<String> row() {
            ZoneId zone = service.schedule().zone();
            DateTimeFormatter time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm zzz", Locale.ROOT).withZone(zone);
            List<String> runs = new ArrayList<>();
            ends.forEach((end, count) -> runs.add(count + " " + end));
            return List.of(
                    service.name(),
                    service.schedule().expression(),
                    time.format(next),
                    last.map(time::format).orElse("never"),
                    runs.isEmpty() ? "none" : String.join(", ", runs));
        }

        Map<String, Object> map() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("service", service.name());
            map.put("schedule", service.schedule().expression());
            map.put("zone", service.schedule().zone().getId());
            map.put("next", next.toString());
            last.ifPresent(due -> map.put("lastDue", due.toString()));
            map.put("lastRuns", ends);
            return map;
        }
    }
}
