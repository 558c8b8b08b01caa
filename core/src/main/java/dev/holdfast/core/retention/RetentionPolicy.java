package dev.holdfast.core.retention;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How many snapshots of a source are kept. A snapshot stays when any rule keeps it; rules that are 0 or empty keep nothing.
 *
 * @param last the newest so many
 * @param hourly the newest of each of so many hours that have one; likewise {@code daily}, {@code weekly} (ISO weeks), {@code monthly}, {@code yearly}
 * @param within all that are not older than this, counted back from the newest good one
 */
public record RetentionPolicy(
        int last, int hourly, int daily, int weekly, int monthly, int yearly, Optional<Within> within) {
    /** What a service has that says nothing else: 7 days, 4 weeks, 12 months. */
    public static final RetentionPolicy DEFAULT = new RetentionPolicy(0, 0, 7, 4, 12, 0, Optional.empty());

    public RetentionPolicy {
        if (last < 0 || hourly < 0 || daily < 0 || weekly < 0 || monthly < 0 || yearly < 0) {
            throw new IllegalArgumentException("a number of snapshots to keep cannot be negative");
        }
        if ((last | hourly | daily | weekly | monthly | yearly) == 0 && within.isEmpty()) {
            throw new IllegalArgumentException("a retention policy must keep something");
        }
    }

    /** The simple one: the newest so many. */
    public static RetentionPolicy keepLast(int snapshots) {
        return new RetentionPolicy(snapshots, 0, 0, 0, 0, 0, Optional.empty());
    }

    /** For people, for example {@code 7 daily, 4 weekly, within 30d}. */
    @Override
    public String toString() {
        List<String> rules = new ArrayList<>();
        for (Rule rule : Rule.values()) {
            if (rule.count(this) > 0) {
                rules.add(rule.count(this) + " " + rule.label());
            }
        }
        within.ifPresent(length -> rules.add("within " + length));
        return String.join(", ", rules);
    }
}
