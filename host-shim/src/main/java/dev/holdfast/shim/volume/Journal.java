package dev.holdfast.shim.volume;

import dev.holdfast.shim.docker.DockerEndpoint;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.host.SecretFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What one run has done to containers and must take back, in a file that outlives it. Lines are added and forced to the disk before the
 * thing itself is done: {@code engine URI}, {@code do STEP}, {@code undone NUMBER}. The run that owns the file holds a lock on it, which
 * ends with its process, however that ends; a file without a lock is left over, and {@link Leftovers} takes it back.
 */
final class Journal implements AutoCloseable {
    static final String SUFFIX = ".journal";

    private final Path folder;
    private final Path file;
    private final FileChannel channel;
    private final List<Step> steps;
    private final Set<Integer> undone;
    private Optional<Guardian> guardian = Optional.empty();

    private Journal(Path folder, Path file, FileChannel channel, List<Step> steps, Set<Integer> undone) {
        this.folder = folder;
        this.file = file;
        this.channel = channel;
        this.steps = steps;
        this.undone = undone;
    }

    /** Begins one. Nobody sees the file before it is locked. */
    static Journal begin(Path folder, DockerEndpoint endpoint) throws IOException {
        SecretFile.makeFolder(folder);
        String name = UUID.randomUUID().toString();
        Path hidden = folder.resolve(name + ".new");
        FileChannel channel = FileChannel.open(
                hidden,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            channel.lock();
            Path file = folder.resolve(name + SUFFIX);
            Journal journal = new Journal(folder, file, channel, new ArrayList<>(), new HashSet<>());
            journal.add("engine " + endpoint.uri());
            Files.move(hidden, file, StandardCopyOption.ATOMIC_MOVE);
            return journal;
        } catch (IOException | RuntimeException e) {
            channel.close();
            Files.deleteIfExists(hidden);
            throw e;
        }
    }

    /** Takes over one that is left over; empty when its run lives, or another has taken it over. */
    static Optional<Journal> takeOver(Path folder, Path file) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            FileLock lock = channel.tryLock();
            if (lock == null || !Files.exists(file)) {
                channel.close();
                return Optional.empty();
            }
            List<Step> steps = new ArrayList<>();
            Set<Integer> undone = new HashSet<>();
            for (String line : wholeLines(channel)) {
                if (line.startsWith("do ")) {
                    steps.add(Step.parse(line.substring("do ".length())));
                } else if (line.startsWith("undone ")) {
                    undone.add(Integer.valueOf(line.substring("undone ".length())));
                }
            }
            return Optional.of(new Journal(folder, file, channel, steps, undone));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** The engine that a journal speaks of. */
    DockerEndpoint endpoint() throws IOException {
        String uri = wholeLines(channel).stream()
                .filter(line -> line.startsWith("engine "))
                .findFirst()
                .orElseThrow(() -> new IOException(file + " is damaged: it names no engine"))
                .substring("engine ".length());
        return DockerEndpoint.of(Map.of("DOCKER_HOST", uri));
    }

    /** To be called before a step is done. */
    void intend(Step step) throws IOException {
        if (!(step instanceof Step.Helper) && guardian.isEmpty()) {
            guardian = Optional.of(Guardian.start(folder.toAbsolutePath()));
        }
        add("do " + step.line());
        steps.add(step);
    }

    /** The steps that still hold. */
    List<Step> open() {
        List<Step> open = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            if (!undone.contains(i)) {
                open.add(steps.get(i));
            }
        }
        return open;
    }

    /** Takes one step back. */
    Optional<String> undo(Engine engine, Step step) throws IOException {
        Optional<String> said = step.undo(engine);
        int number = steps.lastIndexOf(step);
        add("undone " + number);
        undone.add(number);
        return said;
    }

    /**
     * Takes all steps back, the last one first; one that fails does not keep the others from it, and stays in the file.
     *
     * @return what a user should know
     */
    List<String> undoAll(Engine engine) {
        List<String> said = new ArrayList<>();
        for (Step step : open().reversed()) {
            try {
                undo(engine, step).ifPresent(said::add);
            } catch (IOException e) {
                said.add(step.told() + " could not be taken back, which is tried again at the next command: "
                        + e.getMessage());
            }
        }
        return said;
    }

    /** Lets go of the file, and removes it when nothing is left to be taken back. */
    @Override
    public void close() throws IOException {
        try (channel) {
            if (open().isEmpty()) {
                Files.deleteIfExists(file);
            }
        } finally {
            if (guardian.isPresent()) {
                guardian.get().dismiss();
            }
        }
    }

    private void add(String line) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
        long at = channel.size();
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
        channel.force(true);
    }

    /** A line that was cut by a crash was not acted on yet. */
    private static List<String> wholeLines(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(channel.size(), 1 << 20));
        long at = 0;
        for (int count = channel.read(bytes, at); count > 0; count = channel.read(bytes, at)) {
            at += count;
        }
        String text = StandardCharsets.UTF_8.decode(bytes.flip()).toString();
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }
}
