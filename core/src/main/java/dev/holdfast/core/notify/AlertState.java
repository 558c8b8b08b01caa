package dev.holdfast.core.notify;

import dev.holdfast.core.model.Severity;
import java.time.Instant;
import java.util.Optional;

/**
 * What one notifier knows of one problem.
 *
 * @param phase where the problem stands
 * @param changed when this phase began
 * @param severity as last seen
 * @param told what was last said of it; empty when nothing got through yet
 * @param since when the problem began
 * @param relapses how often it came back after a recovery, without a long pause
 */
public record AlertState(
        Phase phase,
        Instant changed,
        Severity severity,
        Optional<Told> told,
        String service,
        String title,
        String text,
        Instant since,
        int relapses) {
    /** Where a problem stands. */
    public enum Phase {
        /** It is there. */
        OPEN,
        /** It is gone, but perhaps not for good: nobody was told. */
        GONE,
        /** Its recovery was told. Kept for a while, to know it again. */
        ENDED
    }

    /** The last word about a problem. */
    public record Told(Severity severity, Instant at) {}

    static AlertState open(Finding finding, Instant now, int relapses) {
        return new AlertState(
                Phase.OPEN,
                now,
                finding.severity(),
                Optional.empty(),
                finding.service(),
                finding.title(),
                finding.text(),
                now,
                relapses);
    }

    AlertState seen(Finding finding, Instant now) {
        return new AlertState(
                Phase.OPEN,
                phase == Phase.OPEN ? changed : now,
                finding.severity(),
                told,
                finding.service(),
                finding.title(),
                finding.text(),
                since,
                relapses);
    }

    AlertState in(Phase next, Instant now) {
        return new AlertState(next, now, severity, told, service, title, text, since, relapses);
    }

    AlertState told(Instant now) {
        return new AlertState(
                phase, changed, severity, Optional.of(new Told(severity, now)), service, title, text, since, relapses);
    }

    AlertState untold() {
        return new AlertState(phase, changed, severity, Optional.empty(), service, title, text, since, relapses);
    }

    Alert alert(String key, Alert.Kind kind, Instant at) {
        return new Alert(key, kind, severity, service, title, text, since, at);
    }
}
