package dev.holdfast.core.storage.gdrive;

import com.google.api.client.googleapis.media.MediaHttpUploader;
import com.google.api.client.http.AbstractInputStreamContent;
import com.google.api.client.http.ByteArrayContent;
import com.google.api.client.http.InputStreamContent;
import com.google.api.services.drive.DriveRequest;
import com.google.api.services.drive.model.File;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.BodyInput;
import dev.holdfast.core.storage.StorageException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Sends one body, as a new file or as the new content of one that is there; either is seen whole or not at all. Small
 * bodies go with their name in one request, larger ones in an upload session, in pieces. Afterwards the checksums that
 * Drive took are compared with those of the bytes that were sent.
 */
final class DriveUpload {
    /** Bodies up to this size go in one request, which can be repeated: 1 MiB. */
    static final int SINGLE_BYTES = 1 << 20;

    /** The size of the pieces, which Drive wants as a multiple of 256 KiB, and of the buffer that each upload has: 8 MiB. */
    static final int PIECE_BYTES = 8 << 20;

    private static final String TYPE = "application/octet-stream";

    private final DriveCalls calls;
    private final String action;
    private final Body body;
    private final MessageDigest md5 = Digests.md5();
    private final MessageDigest sha256 = Digests.sha256();

    DriveUpload(DriveCalls calls, String action, Body body) {
        this.calls = calls;
        this.action = action;
        this.body = body;
    }

    /** Makes a file; empty when the folder is gone, or is in the trash, and then nothing is left. */
    Optional<DriveEntry> create(String folder, String name) throws IOException {
        File metadata = new File().setName(name).setMimeType(TYPE).setParents(List.of(folder));
        Optional<DriveEntry> made = send(content -> calls.sdk()
                .files()
                .create(metadata, content)
                .setSupportsAllDrives(true)
                .setFields(DriveEntry.FIELDS));
        if (made.isEmpty()) {
            return made;
        }
        if (made.get().trashed()) {
            calls.delete(made.get().id(), action);
            return Optional.empty();
        }
        Optional<StorageException.Corrupt> changed = changed(made.get());
        if (changed.isPresent()) {
            calls.delete(made.get().id(), action);
            throw changed.get();
        }
        return made;
    }

    /**
     * Replaces a file's content in one step; empty when the file is gone or in the trash.
     *
     * @throws StorageException.Corrupt when Drive took other bytes than were sent; the old content is then a revision
     *     that Drive still has
     */
    Optional<DriveEntry> update(String id) throws IOException {
        Optional<DriveEntry> updated = send(content -> calls.sdk()
                .files()
                .update(id, new File(), content)
                .setSupportsAllDrives(true)
                .setFields(DriveEntry.FIELDS));
        updated = updated.filter(entry -> !entry.trashed());
        if (updated.isPresent()) {
            Optional<StorageException.Corrupt> changed = changed(updated.get());
            if (changed.isPresent()) {
                throw changed.get();
            }
        }
        return updated;
    }

    /** Makes the SDK's request for a content. */
    @FunctionalInterface
    private interface Request {
        DriveRequest<File> with(AbstractInputStreamContent content) throws IOException;
    }

    private Optional<DriveEntry> send(Request request) throws IOException {
        md5.reset();
        sha256.reset();
        try (BodyInput in = BodyInput.open(body)) {
            return body.bytes() <= SINGLE_BYTES ? sendWhole(request, in) : sendInPieces(request, in);
        }
    }

    private Optional<DriveEntry> sendWhole(Request request, BodyInput in) throws IOException {
        byte[] all = in.readAllBytes(); // exactly, or BodyInput throws
        md5.update(all);
        sha256.update(all);
        ByteArrayContent content = new ByteArrayContent(TYPE, all);
        try {
            return executed(request.with(content), true);
        } catch (IOException e) {
            if (!DriveErrors.isDeadConnection(e)) {
                return goneOr(e);
            }
        }
        try {
            return executed(request.with(content), true);
        } catch (IOException e) {
            return goneOr(e);
        }
    }

    private Optional<DriveEntry> sendInPieces(Request request, BodyInput in) throws IOException {
        InputStream digesting = new DigestInputStream(new DigestInputStream(in, md5), sha256);
        int buffer = (int) Math.min(PIECE_BYTES, body.bytes());
        InputStreamContent content = new InputStreamContent(TYPE, new BufferedInputStream(digesting, buffer));
        content.setLength(body.bytes());
        content.setCloseInputStream(false);
        try {
            return executed(request.with(content), false);
        } catch (IOException e) {
            Optional<IOException> fault = in.failure();
            if (fault.isPresent()) {
                throw fault.get();
            }
            return goneOr(e);
        } catch (IllegalStateException | NumberFormatException e) {
            throw new StorageException.Unavailable(
                    "cannot " + action + ": Google Drive lost bytes it had confirmed; try again", e);
        }
    }

    private static Optional<DriveEntry> executed(DriveRequest<File> request, boolean whole) throws IOException {
        MediaHttpUploader uploader = request.getMediaHttpUploader();
        uploader.setDirectUploadEnabled(whole);
        uploader.setChunkSize(PIECE_BYTES);
        request.setDisableGZipContent(true);
        return Optional.of(DriveEntry.of(request.execute()));
    }

    private Optional<DriveEntry> goneOr(IOException e) throws StorageException {
        if (DriveErrors.isNotFound(e)) {
            return Optional.empty(); // of an upload session too: the next look tells which
        }
        throw calls.errors().of(e, action);
    }

    private Optional<StorageException.Corrupt> changed(DriveEntry stored) {
        boolean known = stored.md5().isPresent() || stored.sha256().isPresent();
        boolean same = stored.bytes() == body.bytes()
                && stored.md5().map(hex(md5)::equals).orElse(true)
                && stored.sha256().map(hex(sha256)::equals).orElse(true);
        if (known && same) {
            return Optional.empty();
        }
        return Optional.of(new StorageException.Corrupt(
                "cannot " + action + ": Google Drive "
                        + (known ? "stored other bytes than were sent" : "does not tell the checksum of what it stored")
                        + "; try again",
                null));
    }

    /** Does not end the digest: it may be asked twice. */
    private static String hex(MessageDigest digest) {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("a digest of the JDK cannot be copied", e);
        }
    }
}
