package dev.holdfast.shim.cli;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Tries what a repository needs of a storage, with one small object that is removed again. */
final class StorageProbe {
    private static final ObjectKey KEY = new ObjectKey("probe/holdfast-storage-test");
    private static final byte[] CONTENT =
            "written by holdfast storage test; safe to remove\n".getBytes(StandardCharsets.UTF_8);

    private StorageProbe() {}

    /** All steps; those after a failed write are tried too, because each asks for a permission of its own. */
    static List<Step> run(Storage storage) {
        List<Step> steps = new ArrayList<>();
        steps.add(step("write", () -> storage.put(KEY, Body.of(CONTENT), PutMode.REPLACE)));
        steps.add(step("read", () -> read(storage)));
        steps.add(step("list", () -> {
            if (storage.list("probe/").stream().noneMatch(object -> object.key().equals(KEY))) {
                throw new IOException("the object that was written is not listed");
            }
        }));
        steps.add(step("delete", () -> storage.delete(KEY)));
        steps.add(step("gone", () -> {
            if (storage.stat(KEY).isPresent()) {
                throw new IOException("the object is still there after it was removed");
            }
        }));
        return steps;
    }

    private static void read(Storage storage) throws IOException {
        try (InputStream in = storage.get(KEY, ByteRange.ALL)
                .orElseThrow(() -> new IOException("the object that was written is not there"))) {
            if (!Arrays.equals(in.readAllBytes(), CONTENT)) {
                throw new IOException("the object that was written came back changed");
            }
        }
    }

    private static Step step(String name, Action action) {
        long begun = System.nanoTime();
        Optional<String> failure = Optional.empty();
        try {
            action.run();
        } catch (IOException e) {
            failure = Optional.of(Objects.requireNonNullElse(e.getMessage(), e.toString()));
        }
        return new Step(name, (System.nanoTime() - begun) / 1_000_000, failure);
    }

    /** One verb. */
    @FunctionalInterface
    private interface Action {
        void run() throws IOException;
    }

    /** How one step went. */
    record Step(String name, long millis, Optional<String> failure) {}
}
