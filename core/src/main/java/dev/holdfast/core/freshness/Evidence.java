package dev.holdfast.core.freshness;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is known about a subject. The times of snapshots are those at which they were begun: the age of the data in them. */
public sealed interface Evidence {
    Subject subject();

    /** How old the newest good snapshot may be. */
    Duration rpo();

    /** The good snapshots that the storage holds, in any order: whole, and not suspiciously small. */
    List<Instant> good();

    /**
     * A source in its service's repository.
     *
     * @param small the newest snapshot, if it is suspiciously small
     * @param timing empty for a source that runs only by hand
     */
    record OfSource(
            Subject subject,
            Duration rpo,
            List<Instant> good,
            Optional<SmallSnapshot> small,
            Runs runs,
            Optional<Timing> timing)
            implements Evidence {
        public OfSource {
            good = List.copyOf(good);
            requirePositive(rpo);
            if (subject.copy().isPresent()) {
                throw new IllegalArgumentException("the source of a service cannot be a copy");
            }
        }
    }

    /**
     * A source in a copy.
     *
     * @param origin the good snapshots in the service's repository
     * @param replications from there to here
     */
    record OfCopy(Subject subject, Duration rpo, List<Instant> good, List<Instant> origin, Runs replications)
            implements Evidence {
        public OfCopy {
            good = List.copyOf(good);
            origin = List.copyOf(origin);
            requirePositive(rpo);
            if (subject.copy().isEmpty()) {
                throw new IllegalArgumentException("a copy must have a name");
            }
        }
    }

    private static void requirePositive(Duration rpo) {
        if (!rpo.isPositive()) {
            throw new IllegalArgumentException("an RPO must be longer than zero");
        }
    }
}
