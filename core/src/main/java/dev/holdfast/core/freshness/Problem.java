package dev.holdfast.core.freshness;

import dev.holdfast.core.model.Severity;

/**
 * Something to tell people.
 *
 * @param subject what it is about
 * @param kind what is wrong
 * @param severity how bad
 * @param reason a sentence for people; it may change while the problem stays
 */
public record Problem(Subject subject, Kind kind, Severity severity, String reason) {
    /** What can be wrong with a subject, each at most once at a time. */
    public enum Kind {
        /** The newest good snapshot is too old, or will soon be, or there is none. */
        AGE("age", "backup too old"),
        /** The last run failed. */
        RUN("run", "backup failed"),
        /** A run was due and did not begin. */
        SCHEDULE("schedule", "backup did not start"),
        /** A run says that it succeeded, and the repository has no snapshot of it. */
        LOST("lost", "snapshot missing"),
        /** The newest snapshot is suspiciously small. */
        SIZE("size", "backup suspiciously small");

        private final String code;
        private final String title;

        Kind(String code, String title) {
            this.code = code;
            this.title = title;
        }
    }

    /** The same as long as the problem lasts, also when it becomes worse: {@code age:shop/shop-db}. */
    public String key() {
        return kind.code + ":" + subject.key();
    }

    /** In a few words: {@code shop-db: backup too old}. */
    public String title() {
        return subject.title() + ": "
                + (kind == Kind.RUN && subject.copy().isPresent() ? "replication failed" : kind.title);
    }
}
