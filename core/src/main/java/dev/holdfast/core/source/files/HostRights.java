package dev.holdfast.core.source.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process may do with the files of others. */
public final class HostRights {
    /** From linux/capability.h: CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_FSETID and CAP_MKNOD. */
    private static final long NEEDED = 1L | 1L << 1 | 1L << 3 | 1L << 4 | 1L << 27;

    private HostRights() {}

    /** Whether files of any owner can be read, and made again as they were: as root, with root's capabilities, where {@link Posix} works. */
    public static boolean areRoots() throws IOException {
        String machine = System.getProperty("os.arch", "");
        Path status = Path.of("/proc/self/status");
        boolean known = System.getProperty("os.name", "").equals("Linux")
                && (machine.equals("amd64") || machine.equals("aarch64"))
                && Files.isReadable(status);
        return known && new Posix().isRoot() && (effective(status) & NEEDED) == NEEDED;
    }

    private static long effective(Path status) throws IOException {
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("CapEff:"))
                .mapToLong(line -> Long.parseUnsignedLong(
                        line.substring("CapEff:".length()).strip(), 16))
                .findFirst()
                .orElse(0);
    }
}
