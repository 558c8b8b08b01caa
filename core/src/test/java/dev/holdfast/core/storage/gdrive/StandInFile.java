package dev.holdfast.core.storage.gdrive;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file or folder of the stand-in; a change makes a new one.
 *
 * @param ours made by this client id: all that the scope drive.file shows
 * @param trashed itself, not only a folder above it
 */
@SuppressWarnings("ArrayRecordComponent") // the content is never changed in place
record StandInFile(
        String id,
        String name,
        String type,
        List<String> parents,
        Instant created,
        Instant modified,
        byte[] content,
        boolean ours,
        boolean trashed,
        String driveId) {
    boolean isFolder() {
        return type.equals(DriveEntry.FOLDER_TYPE);
    }

    StandInFile withContent(byte[] other, Instant now) {
        return new StandInFile(id, name, type, parents, created, now, other, ours, trashed, driveId);
    }

    StandInFile inTrash() {
        return new StandInFile(id, name, type, parents, created, modified, content, ours, true, driveId);
    }

    StandInFile madeAt(Instant time) {
        return new StandInFile(id, name, type, parents, time, modified, content, ours, trashed, driveId);
    }

    /** All fields, of which an answer has those that were asked for. */
    Map<String, Object> json(boolean isTrashed) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", "drive#file");
        json.put("id", id);
        json.put("name", name);
        json.put("mimeType", type);
        json.put("parents", parents);
        json.put("createdTime", created.toString());
        json.put("modifiedTime", modified.toString());
        json.put("trashed", isTrashed);
        if (!driveId.isEmpty()) {
            json.put("driveId", driveId);
        }
        if (!isFolder()) {
            json.put("size", Integer.toString(content.length)); // a 64-bit number, so a text in JSON
            json.put("md5Checksum", hex(Digests.md5()));
            json.put("sha256Checksum", hex(Digests.sha256()));
        }
        return json;
    }

    private String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest(content));
    }
}
