package dev.holdfast.core.storage.dropbox;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * The files of the stand-in: names that differ in case alone are one, the displayed case of folders is not what was given,
 * folders come with what is put below them, and go with all in them.
 */
final class StandInFiles {
    static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> IGNORED = Set.of(
            "desktop.ini", "thumbs.db", "ehthumbs.db", ".ds_store", ".dropbox", ".dropbox.attr", ".dropbox.cache");

    private final TreeMap<String, Entry> entries = new TreeMap<>();
    private long revisions = 0x5e0000000L;
    long quotaBytes = Long.MAX_VALUE;

    /** A file, or a folder without content. */
    record Entry(String name, Optional<byte[]> content, String rev, Instant modified) {
        boolean isFolder() {
            return content.isEmpty();
        }

        byte[] bytes() {
            return content.orElseThrow();
        }
    }

    /** Where and how a file is committed. */
    record Commit(String path, String mode, boolean autorename, boolean strictConflict) {}

    static String lower(String path) {
        return path.toLowerCase(Locale.ROOT);
    }

    /** Which kind of error a path is; empty for a good one. */
    static Optional<String> fault(String path) {
        for (String name : path.substring(1).split("/", -1)) {
            if (name.isEmpty() || name.length() > 255 || name.chars().anyMatch(c -> c < 0x20 || c == '\\')) {
                return Optional.of("malformed_path");
            }
            boolean temporary = name.startsWith("~$") || name.startsWith(".~");
            if (IGNORED.contains(lower(name)) || temporary || name.endsWith(".") || name.endsWith(" ")) {
                return Optional.of("disallowed_name");
            }
        }
        return Optional.empty();
    }

    synchronized void makeFolder(String path) {
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            entries.putIfAbsent(lower(path.substring(0, slash)), folder(path.substring(0, slash)));
        }
        entries.putIfAbsent(lower(path), folder(path));
    }

    private static Entry folder(String path) {
        return new Entry(path.substring(path.lastIndexOf('/') + 1), Optional.empty(), "", Instant.EPOCH);
    }

    synchronized Optional<Entry> find(String path) {
        return Optional.ofNullable(entries.get(lower(path)));
    }

    /** Stores a file, or says by tags what is in the way. */
    synchronized ObjectNode commit(Commit commit, byte[] content) throws Conflict {
        Optional<String> fault = fault(commit.path());
        if (fault.isPresent()) {
            throw new Conflict(fault.get());
        }
        for (int slash = commit.path().indexOf('/', 1);
                slash > 0;
                slash = commit.path().indexOf('/', slash + 1)) {
            if (find(commit.path().substring(0, slash))
                    .filter(e -> !e.isFolder())
                    .isPresent()) {
                throw new Conflict("conflict/file_ancestor");
            }
        }
        Optional<Entry> old = find(commit.path());
        if (old.isPresent() && (old.get().isFolder() || commit.mode().equals("add"))) {
            boolean same = !old.get().isFolder() && Arrays.equals(old.get().bytes(), content);
            if (same && !commit.strictConflict()) {
                return metadata(commit.path(), old.get());
            }
            if (!commit.autorename()) {
                throw new Conflict(old.get().isFolder() ? "conflict/folder" : "conflict/file");
            }
            return store(commit.path() + " (1)", content);
        }
        return store(commit.path(), content);
    }

    private ObjectNode store(String path, byte[] content) throws Conflict {
        long used = entries.values().stream()
                .filter(e -> !e.isFolder())
                .mapToLong(e -> e.bytes().length)
                .sum();
        if (content.length > quotaBytes - used) {
            throw new Conflict("insufficient_space");
        }
        if (path.lastIndexOf('/') > 0) {
            makeFolder(path.substring(0, path.lastIndexOf('/')));
        }
        revisions++;
        Entry entry = new Entry(
                path.substring(path.lastIndexOf('/') + 1),
                Optional.of(content),
                Long.toHexString(revisions),
                Instant.now().truncatedTo(ChronoUnit.SECONDS));
        entries.put(lower(path), entry);
        return metadata(path, entry);
    }

    synchronized void remove(String path) {
        entries.remove(lower(path));
        entries.subMap(lower(path) + "/", lower(path) + "0").clear();
    }

    /** Damages a stored file. */
    synchronized void replaceContent(String path, byte[] content) {
        entries.computeIfPresent(
                lower(path), (key, e) -> new Entry(e.name(), Optional.of(content), e.rev(), e.modified()));
    }

    /** All below a folder and the folder itself, in no order that means anything. */
    synchronized List<ObjectNode> below(String folder) {
        List<ObjectNode> found = new ArrayList<>();
        entries.forEach((path, entry) -> {
            if (path.equals(lower(folder)) || path.startsWith(lower(folder) + "/")) {
                found.add(metadata(path, entry));
            }
        });
        Collections.shuffle(found, new Random(7));
        return found;
    }

    ObjectNode metadata(String path, Entry entry) {
        String lower = lower(path);
        String parent = lower.substring(0, lower.lastIndexOf('/') + 1);
        ObjectNode node = JSON.createObjectNode();
        node.put(".tag", entry.isFolder() ? "folder" : "file");
        node.put("name", entry.name());
        node.put("path_lower", lower);
        node.put("path_display", parent.toUpperCase(Locale.ROOT) + entry.name()); // only the last part has its case
        node.put("id", "id:" + Integer.toHexString(lower.hashCode()));
        entry.content().ifPresent(content -> {
            node.put("client_modified", entry.modified().toString());
            node.put("server_modified", entry.modified().toString());
            node.put("rev", entry.rev());
            node.put("size", content.length);
            node.put("is_downloadable", true);
            node.put("content_hash", contentHash(content));
        });
        return node;
    }

    /** As the documentation defines it, over the whole at once. */
    static String contentHash(byte[] content) {
        try {
            MessageDigest all = MessageDigest.getInstance("SHA-256");
            for (int at = 0; at < content.length; at += 4 * 1024 * 1024) {
                byte[] block = Arrays.copyOfRange(content, at, Math.min(content.length, at + 4 * 1024 * 1024));
                all.update(MessageDigest.getInstance("SHA-256").digest(block));
            }
            return HexFormat.of().formatHex(all.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is in the way of a write, as the tags of a WriteError. */
    static final class Conflict extends Exception {
        private static final long serialVersionUID = 1L;

        private final String tags;

        Conflict(String tags) {
            super(tags);
            this.tags = tags;
        }

        String tags() {
            return tags;
        }
    }
}
