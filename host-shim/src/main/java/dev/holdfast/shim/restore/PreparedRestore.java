package dev.holdfast.shim.restore;

import java.io.IOException;
import java.util.List;

/** A restore that has looked at all it needs and changed nothing yet. */
public interface PreparedRestore {
    /** What {@link #run} will do, one line each; what it destroys is named. Changes nothing. */
    List<String> plan() throws IOException;

    /** Whether {@link #run} may replace something that is there now, so that a user is asked first. */
    default boolean replaces() {
        return true;
    }

    /** Does it. Throws {@link RestoreFailedException} whose message says what is as it was. */
    RestoreReport run() throws IOException;
}
