package dev.holdfast.core.storage.gdrive;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * What a Drive holds, and its rules: names are labels and may be there twice, what is in a folder in the trash is in the
 * trash, who removes a folder removes all in it. Other apps' files are not seen.
 */
final class StandInDrive {
    static final String MY_DRIVE = "0AMyDrive";
    static final int MAX_PAGE = 97; // pages may be shorter than what was asked for

    private final Map<String, StandInFile> files = new ConcurrentHashMap<>();
    private final Map<String, Listing> pages = new HashMap<>();
    private final Set<String> unindexed = ConcurrentHashMap.newKeySet();
    private long quotaBytes = Long.MAX_VALUE;
    private boolean indexIsLate;
    private long lastMillis;

    private record Listing(String query, Deque<StandInFile> rest) {}

    /** A page of a listing and the token of the next one. */
    record Found(List<StandInFile> files, Optional<String> next) {}

    StandInDrive() {
        files.put(MY_DRIVE, folder(MY_DRIVE, "My Drive", List.of(), ""));
    }

    private StandInFile folder(String id, String name, List<String> parents, String driveId) {
        Instant now = now();
        return new StandInFile(id, name, DriveEntry.FOLDER_TYPE, parents, now, now, new byte[0], true, false, driveId);
    }

    // ---- what the API does

    /** The id that a name stands for, which must be known. */
    String resolved(String id) throws Refusal {
        return id.equals("root") ? MY_DRIVE : known(id).id();
    }

    StandInFile known(String id) throws Refusal {
        StandInFile file = files.get(id);
        if (file == null || !file.ours()) {
            throw Refusal.notFound(id);
        }
        return file;
    }

    synchronized StandInFile create(String name, String type, List<String> parents, byte[] content) throws Refusal {
        if (parents.size() > 1) {
            throw new Refusal(400, "badRequest", "A file cannot have more than one parent.");
        }
        StandInFile parent = known(parents.isEmpty() ? MY_DRIVE : parents.getFirst());
        if (!parent.isFolder()) {
            throw new Refusal(403, "parentNotAFolder", "The specified parent is not a folder.");
        }
        requireSpace(content.length);
        String id = newId();
        Instant now = now();
        StandInFile file =
                new StandInFile(id, name, type, List.of(parent.id()), now, now, content, true, false, parent.driveId());
        files.put(id, file);
        if (indexIsLate) {
            unindexed.add(id);
        }
        return file;
    }

    synchronized StandInFile update(String id, byte[] content) throws Refusal {
        StandInFile old = known(id);
        requireSpace(content.length - old.content().length);
        StandInFile file = old.withContent(content, now());
        files.put(id, file);
        return file;
    }

    private void requireSpace(long more) throws Refusal {
        long used = files.values().stream().mapToLong(f -> f.content().length).sum();
        if (used + more > quotaBytes) {
            throw new Refusal(403, "storageQuotaExceeded", "The user's Drive storage quota has been exceeded.");
        }
    }

    synchronized void delete(String id) throws Refusal {
        known(id);
        files.remove(id);
        for (StandInFile file : List.copyOf(files.values())) {
            if (file.parents().contains(id) && files.containsKey(file.id())) {
                delete(file.id());
            }
        }
    }

    synchronized Found list(String query, int pageSize, Optional<String> token) throws Refusal {
        Predicate<StandInFile> wanted = SearchTerms.of(this, query);
        Listing listing;
        if (token.isPresent()) {
            Listing known = pages.remove(token.get());
            if (known == null || !known.query.equals(query)) {
                throw Refusal.invalid("pageToken", "Invalid Value");
            }
            listing = known;
        } else {
            listing = new Listing(
                    query,
                    new ArrayDeque<>(files.values().stream()
                            .filter(StandInFile::ours)
                            .filter(wanted)
                            .toList()));
        }
        List<StandInFile> page = new java.util.ArrayList<>();
        while (page.size() < Math.min(pageSize, MAX_PAGE) && !listing.rest.isEmpty()) {
            page.add(listing.rest.removeFirst());
        }
        if (listing.rest.isEmpty()) {
            return new Found(page, Optional.empty());
        }
        String next = "~!!~" + newId();
        pages.put(next, listing);
        return new Found(page, Optional.of(next));
    }

    boolean isTrashed(StandInFile file) {
        return file.trashed()
                || file.parents().stream().map(files::get).anyMatch(parent -> parent != null && isTrashed(parent));
    }

    boolean isIndexed(StandInFile file) {
        return !unindexed.contains(file.id());
    }

    /** Times of different files differ, as they nearly always do. */
    private synchronized Instant now() {
        lastMillis = Math.max(
                lastMillis + 1, Instant.now().truncatedTo(ChronoUnit.MILLIS).toEpochMilli());
        return Instant.ofEpochMilli(lastMillis);
    }

    private static String newId() {
        return "1"
                + RandomGenerator.getDefault()
                        .ints(32, 0, 36)
                        .collect(
                                StringBuilder::new,
                                (text, n) -> text.append(Character.forDigit(n, 36)),
                                StringBuilder::append);
    }

    // ---- what tests do behind the driver's back

    /** All files and folders of a name. */
    List<StandInFile> named(String name) {
        return files.values().stream()
                .filter(file -> file.name().equals(name))
                .sorted(java.util.Comparator.comparing(StandInFile::created))
                .toList();
    }

    StandInFile only(String name) {
        List<StandInFile> same = named(name);
        if (same.size() != 1) {
            throw new AssertionError(same.size() + " files are named " + name);
        }
        return same.getFirst();
    }

    void put(StandInFile file) {
        files.put(file.id(), file);
    }

    void trash(String id) throws Refusal {
        put(known(id).inTrash());
    }

    /** A shared drive, whose id is also its uppermost folder's. */
    String sharedDrive(String name) {
        String id = "0A" + newId();
        put(folder(id, name, List.of(), id));
        return id;
    }

    /** A folder that another app made. */
    String foreignFolder(String name) {
        StandInFile folder = folder(newId(), name, List.of(MY_DRIVE), "");
        put(new StandInFile(
                folder.id(),
                name,
                folder.type(),
                folder.parents(),
                folder.created(),
                folder.modified(),
                new byte[0],
                false,
                false,
                ""));
        return folder.id();
    }

    synchronized void expirePageTokens() {
        pages.clear();
    }

    synchronized void limitTo(long bytes) {
        quotaBytes = bytes;
    }

    /** From now on new names are not found by searching for them. */
    synchronized void stopIndexing() {
        indexIsLate = true;
    }
}
