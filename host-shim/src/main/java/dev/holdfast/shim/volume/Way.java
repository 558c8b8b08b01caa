package dev.holdfast.shim.volume;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the content of a volume was reached, as the evidence of a snapshot names it. */
enum Way {
    /** Through the engine's archives. */
    ENGINE(
            "through the engine",
            "extended attributes (but file capabilities), access control lists, fractions of seconds and sockets are not kept,"
                    + " and holes of sparse files become zeros"),
    /** As a folder of this host. */
    HOST("as a folder of this host", "sockets, the flags of chattr, and times of access and change are not kept");

    private final String told;
    private final String notKept;

    Way(String told, String notKept) {
        this.told = told;
        this.notKept = notKept;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Way of(@Nullable Object word) {
        return HOST.word().equals(word) ? HOST : ENGINE;
    }

    /** For people. */
    String told() {
        return told;
    }

    /** What does not come back, for people. */
    String notKept() {
        return notKept;
    }
}
