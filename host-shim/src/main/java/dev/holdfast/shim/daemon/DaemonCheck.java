package dev.holdfast.shim.daemon;

import java.io.IOException;
import java.nio.file.Path;

/** Tells whether a daemon works for a host. */
public final class DaemonCheck {
    private DaemonCheck() {}

    public static boolean isRunning(Path home) throws IOException {
        try (DaemonLock _ = DaemonLock.take(home)) {
            return false;
        } catch (DaemonRunsException e) {
            return true;
        }
    }
}
