package dev.holdfast.core.storage.gdrive;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Resumable uploads, as "Upload file data" of the Drive API describes them. */
final class UploadSessions {
    static final int UNIT_BYTES = 256 * 1024;

    private static final Pattern RANGE = Pattern.compile("bytes (\\d+)-(\\d+)/(\\d+)");

    private final StandInDrive drive;
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private volatile int keepAtMost = Integer.MAX_VALUE;

    UploadSessions(StandInDrive drive) {
        this.drive = drive;
    }

    /** What will become of an upload. */
    @FunctionalInterface
    interface Commit {
        StandInFile with(byte[] content) throws Refusal;
    }

    private static final class Session {
        private final Commit commit;
        private final byte[] content;
        private int received;

        Session(Commit commit, int bytes) {
            this.commit = commit;
            this.content = new byte[bytes];
        }
    }

    /**
     * What became of a piece.
     *
     * @param finished the file, in a list of one, once all is there
     * @param received bytes that are kept so far
     */
    record Progress(List<StandInFile> finished, int received) {}

    /** Of each piece but the last one keeps only its first unit from now on, which the real one is free to do. */
    void keepLittle() {
        keepAtMost = UNIT_BYTES;
    }

    void expireAll() {
        sessions.clear();
    }

    String begin(int bytes, Commit commit) {
        String id = UUID.randomUUID().toString();
        sessions.put(id, new Session(commit, bytes));
        return id;
    }

    Progress piece(String id, String contentRange, byte[] piece) throws Refusal {
        Session session = sessions.get(id);
        if (session == null) {
            throw new Refusal(404, "notFound", "Upload session not found.");
        }
        synchronized (session) {
            Matcher range = RANGE.matcher(contentRange);
            int total = session.content.length;
            if (!range.matches()
                    || Integer.parseInt(range.group(1)) != session.received
                    || Integer.parseInt(range.group(2)) != session.received + piece.length - 1
                    || Integer.parseInt(range.group(3)) != total) {
                throw new Refusal(400, "badRequest", "Failed to parse Content-Range header.");
            }
            boolean last = session.received + piece.length == total;
            if (!last && piece.length % UNIT_BYTES != 0) {
                throw new Refusal(400, "badRequest", "The chunk is not a multiple of 256 KiB.");
            }
            int kept = last && piece.length <= keepAtMost ? piece.length : Math.min(piece.length, keepAtMost);
            System.arraycopy(piece, 0, session.content, session.received, kept);
            session.received += kept;
            if (session.received < total) {
                return new Progress(List.of(), session.received);
            }
            sessions.remove(id);
            return new Progress(List.of(session.commit.with(Arrays.copyOf(session.content, total))), session.received);
        }
    }

    StandInDrive drive() {
        return drive;
    }
}
