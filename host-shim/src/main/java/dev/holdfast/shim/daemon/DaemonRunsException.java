package dev.holdfast.shim.daemon;

import java.io.IOException;

/** A daemon works for this host already. */
public final class DaemonRunsException extends IOException {
    private static final long serialVersionUID = 1L;

    DaemonRunsException(String process) {
        super("a daemon runs already on this host" + (process.isEmpty() ? "" : " (process " + process + ")"));
    }
}
