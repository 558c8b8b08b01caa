package dev.holdfast.shim.cli;

import dev.holdfast.shim.restore.RestoreReport;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a user is told of a restore that was done. */
final class RestoreTale {
    private RestoreTale() {}

    /** Tells it, and returns the exit code. */
    static int tell(Console console, RestoreReport report) {
        boolean agree = true;
        for (RestoreReport.Database one : report.databases()) {
            long rows = one.tables().values().stream()
                    .mapToLong(RestoreReport.Rows::actual)
                    .sum();
            boolean same = one.tables().values().stream().allMatch(RestoreReport.Rows::agree);
            agree &= same;
            console.say("restored " + one.name() + ": " + one.tables().size() + " tables, " + rows + " rows, "
                    + (same ? "all as counted in the backup" : "NOT as counted in the backup")
                    + (one.keptAs().isEmpty() ? "" : "; the old one is now " + one.keptAs()));
        }
        for (RestoreReport.Folder one : report.folders()) {
            console.say("restored " + one.name() + " to " + one.place() + ": " + one.entries()
                    + (one.entries() == 1 ? " entry, " : " entries, ") + Console.bytes(one.bytes()));
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("command", "restore");
        map.put("status", !agree ? "failed" : report.warnings().isEmpty() ? "done" : "done with warnings");
        map.put(
                "databases",
                report.databases().stream()
                        .map(one -> Map.of(
                                "name", one.name(),
                                "tables", one.tables().size(),
                                "rows",
                                        one.tables().values().stream()
                                                .mapToLong(RestoreReport.Rows::actual)
                                                .sum(),
                                "keptAs", one.keptAs()))
                        .toList());
        map.put(
                "folders",
                report.folders().stream()
                        .map(one -> Map.of(
                                "name", one.name(),
                                "place", one.place(),
                                "entries", one.entries(),
                                "bytes", one.bytes()))
                        .toList());
        map.put("warnings", report.warnings());
        console.result(map);
        report.warnings().forEach(console::warn);
        return !agree ? ExitCode.FAILED : report.warnings().isEmpty() ? ExitCode.DONE : ExitCode.WARNINGS;
    }
}
