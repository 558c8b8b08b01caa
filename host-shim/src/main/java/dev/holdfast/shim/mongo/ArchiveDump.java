package dev.holdfast.shim.mongo;

import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.shim.database.Exclusion;
import dev.holdfast.shim.docker.EngineException;
import dev.holdfast.shim.docker.ExecStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One run of {@code mongodump}, read along by an {@link ArchiveScan}. Its end is given only when the archive is whole and the exit code 0. */
final class ArchiveDump extends InputStream {
    /** Read before anything is given on: by then the tool has found out whether there is an oplog, which it does before it reads collections. */
    private static final int READ_AHEAD_BYTES = 64 << 10;

    private static final Pattern NO_OPLOG = Pattern.compile(
            "error finding oplog|error getting oplog start|not connected to master|--oplog option when dumping from a mongos");
    private static final Pattern OTHER_REASON = Pattern.compile("authorized|authenticat|overflow");

    private final ExecStream exec;
    private final InputStream archive;
    private final ArchiveScan scan = new ArchiveScan();
    private final boolean oplog;
    private @Nullable String broken;
    private boolean whole;

    private ArchiveDump(ExecStream exec, InputStream archive, boolean oplog) {
        this.exec = exec;
        this.archive = archive;
        this.oplog = oplog;
    }

    /** With the oplog where the server has one, which only a member of a replica set does. */
    static ArchiveDump begin(MongoServer server, Exclusion exclusion) throws IOException {
        try {
            ArchiveDump dump = begin(server.dump(List.of("--oplog")), exclusion, true);
            if (!exclusion.isEmpty()) {
                dump.close();
                throw new EngineException.ServiceRefused("label " + Exclusion.LABEL + " of container "
                        + server.container().name() + " cannot be kept to: the server is a member of a replica set, and"
                        + " its oplog, which comes with the dump, is of all databases; take the label away");
            }
            return dump;
        } catch (DumpFailedException e) {
            if (!isForWantOfOplog(String.valueOf(e.getMessage()))) {
                throw e;
            }
            return begin(server.dump(List.of()), exclusion, false);
        }
    }

    /** Whether the tool gave up because the server has no oplog; one that may not be read is something else. */
    static boolean isForWantOfOplog(String complaint) {
        String text = complaint.toLowerCase(Locale.ROOT);
        return NO_OPLOG.matcher(text).find() && !OTHER_REASON.matcher(text).find();
    }

    /** Whether the collections are of one point in time. */
    boolean hasOplog() {
        return oplog;
    }

    /** What is in the archive. Throws when it was not read to its end. */
    ArchiveScan finish() throws IOException {
        exec.close();
        if (!whole) {
            throw new DumpFailedException("the dump was not read to its end");
        }
        return scan;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (broken != null) {
            throw new DumpFailedException(broken);
        }
        try {
            int count = archive.read(target, offset, length);
            if (count > 0) {
                scan.add(target, offset, count);
            } else if (count < 0) {
                scan.finish();
                if (oplog && !scan.hasOplog()) {
                    throw new ArchiveFormatException("the archive has no oplog though one was asked for");
                }
                whole = true;
            }
            return count;
        } catch (ArchiveFormatException e) {
            String why = exec.describe() + ": " + e.getMessage();
            broken = why;
            throw new DumpFailedException(why, e);
        }
    }

    @Override
    public void close() throws IOException {
        exec.close();
    }

    private static ArchiveDump begin(ExecStream exec, Exclusion exclusion, boolean oplog) throws IOException {
        try {
            InputStream stdout = exec.stdout();
            byte[] ahead = stdout.readNBytes(READ_AHEAD_BYTES);
            InputStream archive = new SequenceInputStream(new ByteArrayInputStream(ahead), stdout);
            return new ArchiveDump(
                    exec, exclusion.isEmpty() ? archive : new ArchiveFilter(archive, exclusion::covers), oplog);
        } catch (IOException | RuntimeException e) {
            exec.close();
            throw e;
        }
    }
}
