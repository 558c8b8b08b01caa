package dev.holdfast.core.freshness;

import java.util.Optional;

/**
 * What could not be looked at, for example because its storage is away. Its problems are then neither there nor gone.
 *
 * @param copy empty for a service with all its copies, which are judged beside their origin
 */
public record Unseen(String service, Optional<String> copy) {
    public static Unseen service(String service) {
        return new Unseen(service, Optional.empty());
    }

    public static Unseen copy(String service, String copy) {
        return new Unseen(service, Optional.of(copy));
    }

    /**
     * Whether a problem is about it.
     *
     * @param problem as {@link Problem#key} gives it
     */
    public boolean covers(String problem) {
        String subject = problem.substring(problem.indexOf(':') + 1);
        return subject.startsWith(Subject.encoded(service) + "/")
                && copy.map(name -> subject.endsWith("@" + Subject.encoded(name)))
                        .orElse(true);
    }
}
