package dev.holdfast.shim.folder;

import dev.holdfast.core.repository.FormatException;
import dev.holdfast.core.source.files.HostFolder;
import dev.holdfast.core.source.files.TarRoot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A folder as a snapshot has it.
 *
 * @param stream the stream with its tar
 * @param folder where it was
 * @param root what stands for it in the tar
 */
public record SavedFolder(String stream, HostFolder folder, TarRoot root) {
    /** One whose tar has its entries at the top. */
    public SavedFolder(String stream, HostFolder folder) {
        this(stream, folder, TarRoot.NONE);
    }

    /** The folders that the evidence of a snapshot of {@link dev.holdfast.core.source.files.FoldersSource} names. */
    public static List<SavedFolder> of(Map<String, Object> evidence) throws FormatException {
        List<SavedFolder> folders = new ArrayList<>();
        if (evidence.get("folders") instanceof List<?> list) {
            for (Object one : list) {
                if (one instanceof Map<?, ?> map
                        && map.get("stream") instanceof String stream
                        && map.get("folder") instanceof String folder) {
                    folders.add(new SavedFolder(stream, new HostFolder(folder)));
                }
            }
        }
        if (folders.isEmpty()) {
            throw new FormatException("the snapshot does not say which folders it holds");
        }
        return List.copyOf(folders);
    }

    /** Where an entry of the tar was on its host; the entry's path as it is shown. */
    public String pathOf(String entry) {
        String below = entry.endsWith("/") ? entry.substring(0, entry.length() - 1) : entry;
        boolean self = below.isEmpty() || below.equals(".");
        return self ? folder.path() : (folder.path().equals("/") ? "" : folder.path()) + "/" + below;
    }

    /**
     * What a path means for this folder: the path within its tar, empty for all of it.
     *
     * @param all folders of the snapshot; a path belongs to the innermost that holds it, and to those that lie in it
     */
    public Optional<String> within(HostFolder path, List<SavedFolder> all) {
        if (path.holds(folder)) {
            return Optional.of("");
        }
        boolean inner = all.stream()
                .anyMatch(other -> !other.equals(this) && folder.holds(other.folder) && other.folder.holds(path));
        return folder.holds(path) && !inner ? Optional.of(folder.pathTo(path)) : Optional.empty();
    }
}
