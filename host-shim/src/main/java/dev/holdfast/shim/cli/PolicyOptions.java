package dev.holdfast.shim.cli;

import dev.holdfast.core.retention.RetentionPolicy;
import dev.holdfast.core.retention.Within;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A retention policy on the command line. */
final class PolicyOptions {
    @Option(names = "--keep-last", paramLabel = "N", description = "keep the newest N")
    private int last;

    @Option(
            names = "--keep-hourly",
            paramLabel = "N",
            description = "keep the newest of each of N hours that have one; likewise the next four")
    private int hourly;

    @Option(names = "--keep-daily", paramLabel = "N", description = "…days")
    private int daily;

    @Option(names = "--keep-weekly", paramLabel = "N", description = "…weeks, from Monday")
    private int weekly;

    @Option(names = "--keep-monthly", paramLabel = "N", description = "…months")
    private int monthly;

    @Option(names = "--keep-yearly", paramLabel = "N", description = "…years")
    private int yearly;

    @Option(
            names = "--keep-within",
            paramLabel = "LENGTH",
            description = "keep all so long before the newest good one, for example 30d or 1y6m")
    private @Nullable String within;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description = "whose days and weeks count, for example Europe/Berlin (default: that of this host)")
    private @Nullable String zone;

    @Option(names = "--dry-run", description = "only show what would stay and go, and why")
    boolean dryRun;

    @Option(names = "--really", description = "also when more than half of a source's snapshots go")
    boolean really;

    @Option(
            names = "--repack",
            description = {
                "afterwards, free the space of packs that are mostly unused: what is needed of them is copied, as it is,",
                "and the snapshots that need it are written anew, with new ids; also without a policy"
            })
    boolean repack;

    /** Whether any rule was given. */
    boolean isGiven() {
        return (last | hourly | daily | weekly | monthly | yearly) != 0 || within != null;
    }

    RetentionPolicy policy() {
        return new RetentionPolicy(
                last,
                hourly,
                daily,
                weekly,
                monthly,
                yearly,
                Optional.ofNullable(within).map(Within::parse));
    }

    ZoneId zone() {
        try {
            return zone == null ? ZoneId.systemDefault() : ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("--zone: there is no time zone \"" + zone + "\"", e);
        }
    }
}
