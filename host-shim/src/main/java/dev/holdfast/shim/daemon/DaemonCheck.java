package dev.holdfast.shim.daemon;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Tells whether a daemon works for a host. */
public final class DaemonCheck {
    private DaemonCheck() {}

    /** Asks for a shared lock, which the daemon's own excludes. */
    public static boolean isRunning(Path home) throws IOException {
        Path file = DaemonLock.file(home);
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            @Nullable FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true);
            return lock == null;
        }
    }
}
