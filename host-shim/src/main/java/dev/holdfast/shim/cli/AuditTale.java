package dev.holdfast.shim.cli;

import dev.holdfast.core.pipeline.AuditReport;
import dev.holdfast.core.pipeline.AuditReport.Audited;
import dev.holdfast.core.storage.HeldLock;
import dev.holdfast.core.storage.HiddenVersion;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Tells what an audit of locks found.
 *
 * @param now what was asked about
 */
record AuditTale(AuditReport report, Instant now) {
    int tell(Console console) {
        List<Audited> tooShort = report.tooShort(now);
        List<HiddenVersion> attacked = report.deleted().stream()
                .filter(version ->
                        version.lock().filter(lock -> lock.until().isAfter(now)).isPresent())
                .toList();
        console.say(report.objects().size() + " objects are needed by snapshots; "
                + report.allLockedUntil()
                        .map(until -> "all are locked until " + until)
                        .orElse(unlocked() + " of them are not locked, as far as these credentials see"));
        tooShort.forEach(
                object -> console.say("PROBLEM " + object.key() + ": wanted until " + time(object.wantedUntil())
                        + ", locked until " + time(object.held().map(HeldLock::until))));
        attacked.forEach(version -> console.say("PROBLEM " + version.key() + ": was deleted, but is kept until "
                + time(version.lock().map(HeldLock::until))
                + "; remove the delete marker to have it back (version " + version.version() + ")"));
        report.problems().forEach(problem -> console.say("PROBLEM " + problem));
        if (!report.replaced().isEmpty()) {
            console.warn(report.replaced().size()
                    + " older versions lie under objects that were put more than once; they cost room");
        }
        boolean well =
                tooShort.isEmpty() && attacked.isEmpty() && report.problems().isEmpty();
        console.say(well ? "no problems" : "problems: see above");
        console.result(map(well));
        return well ? ExitCode.DONE : ExitCode.FAILED;
    }

    private long unlocked() {
        return report.objects().stream()
                .filter(object -> object.held().isEmpty())
                .count();
    }

    private Map<String, Object> map(boolean well) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("command", "copy");
        map.put("status", well ? "done" : "failed");
        map.put("objects", report.objects().stream().map(this::map).toList());
        map.put("deleted", report.deleted().stream().map(AuditTale::map).toList());
        map.put("replaced", report.replaced().stream().map(AuditTale::map).toList());
        map.put("problems", report.problems());
        return map;
    }

    private Map<String, Object> map(Audited object) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("key", object.key().text());
        object.wantedUntil().ifPresent(until -> map.put("wantedUntil", until.toString()));
        object.held().ifPresent(lock -> {
            map.put("lockedUntil", lock.until().toString());
            map.put("mode", lock.mode().name().toLowerCase(Locale.ROOT));
        });
        map.put("tooShort", object.isShort(now));
        return map;
    }

    private static Map<String, Object> map(HiddenVersion version) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("key", version.key().text());
        map.put("version", version.version());
        map.put("bytes", version.bytes());
        version.lock().ifPresent(lock -> map.put("lockedUntil", lock.until().toString()));
        return map;
    }

    private static String time(Optional<Instant> time) {
        return time.map(Instant::toString).orElse("never");
    }
}
