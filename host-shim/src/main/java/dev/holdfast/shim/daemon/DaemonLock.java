package dev.holdfast.shim.daemon;

import dev.holdfast.shim.host.SecretFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Held by the one daemon of a host's home, for as long as its process lives: {@code daemon.lock}, which tells its process id. */
public final class DaemonLock implements AutoCloseable {
    /** Who only asks whether a daemon runs holds the lock for a moment. */
    private static final int ATTEMPTS = 10;

    private static final int PAUSE_MILLIS = 100;

    private final FileChannel channel;

    private DaemonLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @throws DaemonRunsException when another process has it
     */
    public static DaemonLock take(Path home) throws IOException {
        SecretFile.makeFolder(home);
        FileChannel channel = FileChannel.open(
                file(home), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            if (!lock(channel)) {
                throw new DaemonRunsException(holder(channel));
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            taken = true;
            return new DaemonLock(channel);
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    static Path file(Path home) {
        return home.resolve("daemon.lock");
    }

    private static boolean lock(FileChannel channel) throws IOException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            @Nullable FileLock lock = channel.tryLock();
            if (lock != null) {
                return true;
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while the daemon's lock was asked for");
            }
        }
        return false;
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(20);
        channel.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
