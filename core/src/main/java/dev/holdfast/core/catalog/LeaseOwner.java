package dev.holdfast.core.catalog;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process as the holder of leases, written {@code host:pid:start:scope}.
 *
 * <p>On Linux the start is the clock ticks between boot and the start of the process, which no change of the wall clock moves, and
 * the scope is boot id and process id namespace: outside of it the process id says nothing, as two containers may share a
 * host name and a process id. Elsewhere the start is in milliseconds since the epoch, and the scope is {@code -}.
 */
public record LeaseOwner(String host, long pid, long start, String scope) {
    private static final Pattern TEXT = Pattern.compile("([^:]+):([0-9]{1,18}):([0-9]{1,18}):([^:]+)");
    private static final Path PROC = Path.of("/proc");
    /** proc(5): starttime is field 22 of stat; the third field is the first after the command's closing parenthesis. */
    private static final int START_TIME_AFTER_COMMAND = 22 - 3;

    public LeaseOwner {
        if (!TEXT.matcher(host + ":" + pid + ":" + start + ":" + scope).matches()) {
            throw new IllegalArgumentException(
                    "a lease owner needs a host and scope without ':', and no negative number");
        }
    }

    /**
     * The process that asks.
     *
     * @param host its host's name; a colon in it becomes {@code _}
     */
    public static LeaseOwner ofThisProcess(String host) throws IOException {
        long pid = ProcessHandle.current().pid();
        long start = startOf(pid).orElseThrow(() -> new IOException("the start time of this process cannot be read"));
        return new LeaseOwner(host.replace(':', '_'), pid, start, currentScope());
    }

    /** Empty when the text was written by something else. */
    public static Optional<LeaseOwner> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(new LeaseOwner(
                        matcher.group(1),
                        Long.parseLong(matcher.group(2)),
                        Long.parseLong(matcher.group(3)),
                        matcher.group(4)))
                : Optional.empty();
    }

    public String text() {
        return host + ":" + pid + ":" + start + ":" + scope;
    }

    @Override
    public String toString() {
        return "process " + pid + " on " + host;
    }

    /** When the process with this id began, in the unit of {@link #start()}; empty when there is none. */
    static Optional<Long> startOf(long pid) throws IOException {
        if (!Files.isDirectory(PROC.resolve("self"))) {
            return ProcessHandle.of(pid)
                    .flatMap(process -> process.info().startInstant())
                    .map(Instant::toEpochMilli);
        }
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            List<String> fields =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
            boolean zombie = fields.getFirst().equals("Z") || fields.getFirst().equals("X");
            return zombie ? Optional.empty() : Optional.of(Long.parseLong(fields.get(START_TIME_AFTER_COMMAND)));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    static String currentScope() throws IOException {
        Path bootId = PROC.resolve("sys/kernel/random/boot_id");
        if (!Files.exists(bootId)) {
            return "-";
        }
        String namespace = Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
        return Files.readString(bootId).strip() + "," + namespace.replaceAll("[^0-9]", "");
    }
}
