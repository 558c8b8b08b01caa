package dev.holdfast.core.freshness;

import java.util.Collection;

/** All verdicts in one word, in rising order of badness. */
public enum Overall {
    /** Every subject is fresh, or waits for its first run. */
    FINE(0),
    /** Every RPO is kept, but something needs a look. */
    ATTENTION(3),
    /** An RPO is not kept. */
    BREACHED(1);

    private final int exitCode;

    Overall(int exitCode) {
        this.exitCode = exitCode;
    }

    /** For {@code status}: 0 fine, 3 with warnings, 1 stale. */
    public int exitCode() {
        return exitCode;
    }

    /** The worst of all; fine when there are none. */
    public static Overall of(Collection<Verdict> verdicts) {
        Overall worst = FINE;
        for (Verdict each : verdicts) {
            Overall one = of(each.state());
            worst = one.compareTo(worst) > 0 ? one : worst;
        }
        return worst;
    }

    public static Overall of(Freshness state) {
        return switch (state) {
            case Freshness.Fresh _, Freshness.Waiting _ -> FINE;
            case Freshness.DueSoon _, Freshness.Small _, Freshness.Missed _, Freshness.Failed _ -> ATTENTION;
            case Freshness.Stale _, Freshness.Never _ -> BREACHED;
        };
    }
}
