package dev.holdfast.core.storage.dropbox;

import com.dropbox.core.DbxException;
import com.dropbox.core.v2.files.CommitInfo;
import com.dropbox.core.v2.files.FileMetadata;
import com.dropbox.core.v2.files.UploadSessionCursor;
import com.dropbox.core.v2.files.WriteMode;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.BodyInput;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.StorageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * One body on its way: in one request, or in the parts of an upload session whose last one commits. Each request tells the
 * hash of its bytes, so that Dropbox refuses what changed on the way before the object is touched; the hash of the whole
 * is compared with what Dropbox says it has. Memory: one part, or none for a body in memory. A session that is given up is
 * never listed and ends by itself after days.
 */
final class DropboxUpload {
    /** The largest body in memory that is sent in one request; 150 MB are allowed. */
    static final int SINGLE_BYTES = 128 << 20;

    /** What is read of a stream before it is sent: four blocks of {@link ContentHash}. */
    static final int PART_BYTES = 4 * ContentHash.BLOCK_BYTES;

    private final DropboxAccess access;
    private final String path;
    private final Body body;
    private final PutMode mode;
    private final ContentHash hash = new ContentHash();

    DropboxUpload(DropboxAccess access, String path, Body body, PutMode mode) {
        this.access = access;
        this.path = path;
        this.body = body;
        this.mode = mode;
    }

    /** Whether a body goes in one request. */
    static boolean isSingle(Body body) {
        return body.bytes() <= (body instanceof Body.Memory ? SINGLE_BYTES : PART_BYTES);
    }

    /** Stores the object; a failure of the body comes out as it is. */
    void run() throws DbxException, IOException {
        FileMetadata stored = isSingle(body) ? single() : session();
        String expected = hash.ofAll();
        if (stored.getSize() != body.bytes() || !expected.equals(stored.getContentHash())) {
            throw new StorageException.Corrupt(
                    "Dropbox has stored " + path + " with " + stored.getSize() + " bytes and hash "
                            + stored.getContentHash() + " instead of " + body.bytes() + " bytes and hash " + expected,
                    null);
        }
    }

    private FileMetadata single() throws DbxException, IOException {
        Body.Memory all;
        try (BodyInput in = BodyInput.open(body)) {
            all = part(in, new byte[0], 0, (int) body.bytes());
        }
        String partHash = hash.add(all.content(), all.offset(), all.length());
        return access.call(files -> files.uploadBuilder(path)
                .withMode(writeMode())
                .withAutorename(false)
                .withStrictConflict(true)
                .withMute(true)
                .withContentHash(partHash)
                .start()
                .uploadAndFinish(stream(all)));
    }

    private FileMetadata session() throws DbxException, IOException {
        byte[] buffer = body instanceof Body.Memory ? new byte[0] : new byte[PART_BYTES];
        try (BodyInput in = BodyInput.open(body)) {
            String session = start(part(in, buffer, 0, PART_BYTES));
            long offset = PART_BYTES;
            for (; body.bytes() - offset > PART_BYTES; offset += PART_BYTES) {
                append(new UploadSessionCursor(session, offset), part(in, buffer, offset, PART_BYTES));
            }
            Body.Memory last = part(in, buffer, offset, (int) (body.bytes() - offset));
            return finish(new UploadSessionCursor(session, offset), last);
        }
    }

    private String start(Body.Memory part) throws DbxException, IOException {
        String partHash = hash.add(part.content(), part.offset(), part.length());
        return access.call(files -> files.uploadSessionStartBuilder()
                        .withContentHash(partHash)
                        .start()
                        .uploadAndFinish(stream(part)))
                .getSessionId();
    }

    private void append(UploadSessionCursor cursor, Body.Memory part) throws DbxException, IOException {
        String partHash = hash.add(part.content(), part.offset(), part.length());
        access.call(files -> {
            files.uploadSessionAppendV2Builder(cursor)
                    .withContentHash(partHash)
                    .start()
                    .uploadAndFinish(stream(part));
            return part;
        });
    }

    private FileMetadata finish(UploadSessionCursor cursor, Body.Memory part) throws DbxException, IOException {
        String partHash = hash.add(part.content(), part.offset(), part.length());
        CommitInfo commit = CommitInfo.newBuilder(path)
                .withMode(writeMode())
                .withAutorename(false)
                .withStrictConflict(true)
                .withMute(true)
                .build();
        return access.call(
                files -> files.uploadSessionFinish(cursor, commit, partHash).uploadAndFinish(stream(part)));
    }

    /** With the strict conflict, add refuses also when the file that is there has the same content. */
    private WriteMode writeMode() {
        return switch (mode) {
            case REPLACE -> WriteMode.OVERWRITE;
            case IF_ABSENT -> WriteMode.ADD;
        };
    }

    /** The next bytes of the body, in place where it is in memory. */
    private Body.Memory part(BodyInput in, byte[] buffer, long offset, int length) throws IOException {
        if (body instanceof Body.Memory memory) {
            return new Body.Memory(memory.content(), memory.offset() + Math.toIntExact(offset), length);
        }
        byte[] into = buffer.length == 0 ? new byte[length] : buffer;
        in.readNBytes(into, 0, length); // exactly, or BodyInput throws
        if (offset + length == body.bytes()) {
            in.read(); // an empty body that is not empty is seen here
        }
        return new Body.Memory(into, 0, length);
    }

    private static ByteArrayInputStream stream(Body.Memory part) {
        return new ByteArrayInputStream(part.content(), part.offset(), part.length());
    }
}
