package dev.holdfast.core.storage.sftp;

import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.Buffer.BufferException;
import net.schmizz.sshj.common.IOUtils;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.OpenMode;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Request;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;

/**
 * One authenticated connection with its SFTP channel (draft-ietf-secsh-filexfer-02, version 3, and OpenSSH's
 * extensions). Requests of several threads are interleaved on it, each answer finds its own.
 *
 * <p>Two kinds of failure leave this class: an {@link SFTPException} with a status is the server's answer, and
 * {@link StorageException.Unavailable} means that there was no answer and that the connection is not to be used again.
 */
final class SftpConnection implements AutoCloseable {
    /** How long an answer may take while others flow; a slow line needs it to drain what is in flight. */
    static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    /** Flushing an object to a slow disk may take longer. */
    private static final Duration FLUSH_TIMEOUT = Duration.ofMinutes(5);

    private static final int FOLDER_REQUESTS_IN_FLIGHT = 4;

    /** A write request that just fits one SSH packet of 32 KiB, which every server takes. */
    private static final int WRITE_BYTES_ANYWHERE = (32 << 10) - 64;

    /**
     * Four full SSH packets, where the server takes so much: each write costs it and us an answer, a wake-up and some
     * system calls. OpenSSH would take 255 KiB, but then too few writes fit into what is in flight.
     */
    private static final int WRITE_BYTES_AT_MOST = (128 << 10) - 64;

    private static final Duration SHORT_ROUND_TRIP = Duration.ofMillis(3);
    private static final int ROUND_TRIPS_BELIEVED = 8;

    /** More than the head of a write takes: its type, number, handle (of 256 bytes at most), offset and length. */
    private static final int WRITE_HEADER_BYTES = 1 << 10;

    private final SSHClient ssh;
    private final Socket socket;
    private final WriteEngine engine;
    private final String where;
    private volatile boolean broken;
    private volatile int writeBytes;
    private volatile Duration roundTrip = Duration.ofSeconds(1);
    private final AtomicInteger roundTripsMeasured = new AtomicInteger();

    SftpConnection(SSHClient ssh, Socket socket, WriteEngine engine, String where) {
        this.ssh = ssh;
        this.socket = socket;
        this.engine = engine;
        this.where = where;
    }

    /** One name in a folder, with what the server says about it (of a symbolic link: about the link). */
    record Name(String text, FileAttributes attributes) {}

    boolean isUsable() {
        return !broken && ssh.isConnected();
    }

    /** Whether the server speaks an extension, as in {@code fsync@openssh.com}. */
    boolean speaks(Extension extension) {
        return engine.supportsServerExtension(extension.text, "openssh.com");
    }

    /** OpenSSH's extensions of version 3 (its PROTOCOL file, section 4). */
    enum Extension {
        POSIX_RENAME("posix-rename"),
        HARD_LINK("hardlink"),
        FSYNC("fsync"),
        FREE_SPACE("statvfs"),
        LIMITS("limits");

        private final String text;

        Extension(String text) {
            this.text = text;
        }

        private String fullName() {
            return text + "@openssh.com";
        }
    }

    byte[] open(String path, Set<OpenMode> modes) throws SFTPException, StorageException {
        return handle(request(PacketType.OPEN, path)
                .putUInt32(OpenMode.toMask(modes))
                .putFileAttributes(FileAttributes.EMPTY));
    }

    void close(byte[] handle) throws SFTPException, StorageException {
        ok(request(PacketType.CLOSE, handle), FLUSH_TIMEOUT);
    }

    /** Attributes of an open file. */
    FileAttributes stat(byte[] handle) throws SFTPException, StorageException {
        return attributes(request(PacketType.FSTAT, handle));
    }

    /** Attributes of what a path leads to, empty when there is nothing. */
    Optional<FileAttributes> stat(String path) throws SFTPException, StorageException {
        try {
            return Optional.of(attributes(request(PacketType.STAT, path)));
        } catch (SFTPException e) {
            if (isAbsent(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    void makeFolder(String path) throws SFTPException, StorageException {
        ok(request(PacketType.MKDIR, path).putFileAttributes(FileAttributes.EMPTY), ANSWER_TIMEOUT);
    }

    void remove(String path) throws SFTPException, StorageException {
        ok(request(PacketType.REMOVE, path), ANSWER_TIMEOUT);
    }

    /** Version 3's rename, which fails when the target exists. */
    void rename(String from, String to) throws SFTPException, StorageException {
        ok(text(request(PacketType.RENAME, from), to), ANSWER_TIMEOUT);
    }

    /** rename(2): replaces the target in one step. */
    void replace(String from, String to) throws SFTPException, StorageException {
        ok(text(text(extended(Extension.POSIX_RENAME), from), to), ANSWER_TIMEOUT);
    }

    /** link(2): a second name for a file, which fails when that name exists, in one step. */
    void link(String from, String to) throws SFTPException, StorageException {
        ok(text(text(extended(Extension.HARD_LINK), from), to), ANSWER_TIMEOUT);
    }

    void flush(byte[] handle) throws SFTPException, StorageException {
        ok(extended(Extension.FSYNC).putBytes(handle), FLUSH_TIMEOUT);
    }

    /** Bytes an ordinary user may still write to the file system of a path; 0 also when it has no more files to give. */
    long freeBytes(String path) throws SFTPException, StorageException {
        Response answer = ask(text(extended(Extension.FREE_SPACE), path), ANSWER_TIMEOUT)
                .ensurePacketTypeIs(PacketType.EXTENDED_REPLY);
        try {
            answer.readUInt64AsBigInteger(); // block size
            long unit = answer.readUInt64AsBigInteger().longValue();
            answer.readUInt64AsBigInteger(); // blocks
            answer.readUInt64AsBigInteger(); // free blocks
            long available = answer.readUInt64AsBigInteger().longValue();
            long files = answer.readUInt64AsBigInteger().longValue();
            answer.readUInt64AsBigInteger(); // free files
            long availableFiles = answer.readUInt64AsBigInteger().longValue();
            boolean noFiles = files > 0 && availableFiles == 0;
            return noFiles ? 0 : available * unit;
        } catch (BufferException e) {
            throw lost("gave half an answer", e);
        }
    }

    /** All names of a folder but {@code .} and {@code ..}, in the server's order. */
    List<Name> names(String folder) throws SFTPException, StorageException {
        byte[] handle = handle(request(PacketType.OPENDIR, folder));
        Deque<Promise<Response, SFTPException>> inFlight = new ArrayDeque<>();
        List<Name> names = new ArrayList<>();
        boolean more = true;
        while (more || !inFlight.isEmpty()) {
            while (more && inFlight.size() < FOLDER_REQUESTS_IN_FLIGHT) {
                inFlight.add(send(request(PacketType.READDIR, handle)));
            }
            more &= readNames(answer(inFlight.remove(), ANSWER_TIMEOUT), names);
        }
        close(handle);
        return names;
    }

    private boolean readNames(Response answer, List<Name> into) throws SFTPException, StorageException {
        if (answer.getType() == PacketType.STATUS) {
            answer.ensureStatusIs(StatusCode.EOF);
            return false;
        }
        answer.ensurePacketTypeIs(PacketType.NAME);
        try {
            for (int left = answer.readUInt32AsInt(); left > 0; left--) {
                String name = answer.readString();
                answer.readString(); // the line ls would print
                FileAttributes attributes = answer.readFileAttributes();
                if (!name.equals(".") && !name.equals("..")) {
                    into.add(new Name(name, attributes));
                }
            }
            return true;
        } catch (BufferException e) {
            throw lost("gave half an answer", e);
        }
    }

    Promise<Response, SFTPException> sendRead(byte[] handle, long offset, int bytes) throws StorageException {
        return send(request(PacketType.READ, handle).putUInt64(offset).putUInt32(bytes));
    }

    Promise<Response, SFTPException> sendWrite(byte[] handle, long offset, byte[] from, int start, int bytes)
            throws StorageException {
        try {
            return engine.write(handle, offset, from, start, bytes);
        } catch (IOException | RuntimeException e) {
            throw lost(SftpErrors.words(e), e);
        }
    }

    /** How many bytes one write may carry, which a server with {@code limits@openssh.com} is asked for, once. */
    int writeBytes() throws StorageException {
        if (writeBytes == 0) {
            writeBytes = speaks(Extension.LIMITS) ? askWriteBytes() : WRITE_BYTES_ANYWHERE;
        }
        return writeBytes;
    }

    private int askWriteBytes() throws StorageException {
        try {
            Response answer =
                    ask(extended(Extension.LIMITS), ANSWER_TIMEOUT).ensurePacketTypeIs(PacketType.EXTENDED_REPLY);
            long packet = limit(answer);
            limit(answer); // of a read
            long write = Math.min(limit(answer), packet - WRITE_HEADER_BYTES);
            return Math.clamp(write, 1, WRITE_BYTES_AT_MOST);
        } catch (SFTPException e) {
            return WRITE_BYTES_ANYWHERE; // it says that it can tell, but does not: then it gets what every server takes
        } catch (BufferException e) {
            throw lost("gave half an answer", e);
        }
    }

    /** A limit of the server, 0 meaning none. */
    private static long limit(Response answer) throws BufferException {
        BigInteger bytes = answer.readUInt64AsBigInteger();
        return bytes.signum() == 0 || bytes.bitLength() > 62 ? Long.MAX_VALUE : bytes.longValue();
    }

    /** The answer to a write. */
    void written(Promise<Response, SFTPException> promise) throws SFTPException, StorageException {
        answer(promise, ANSWER_TIMEOUT).ensureStatusPacketIsOK();
    }

    /**
     * The shortest time in which the server has answered a request: what the line takes there and back. A busy machine
     * answers late by chance, so that a longer time is believed only after some more questions, once for the connection.
     */
    Duration roundTrip(byte[] handle) throws SFTPException, StorageException {
        while (roundTrip.compareTo(SHORT_ROUND_TRIP) > 0 && roundTripsMeasured.get() < ROUND_TRIPS_BELIEVED) {
            stat(handle);
        }
        return roundTrip;
    }

    /** Waits for the answer to a request which is the only one of its caller. */
    private Response ask(Request request, Duration timeout) throws SFTPException, StorageException {
        long begun = System.nanoTime();
        Response answer = answer(send(request), timeout);
        Duration taken = Duration.ofNanos(System.nanoTime() - begun);
        if (taken.compareTo(roundTrip) < 0) {
            roundTrip = taken; // of two threads at once the slower one may have the last word: no harm
        }
        roundTripsMeasured.incrementAndGet();
        return answer;
    }

    Response answer(Promise<Response, SFTPException> promise, Duration timeout) throws SFTPException, StorageException {
        try {
            return promise.retrieve(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (SFTPException e) {
            throw lost(SftpErrors.words(e), e); // a status comes as a response: an exception here is the connection's
        }
    }

    /** Gives the connection up at once, without a farewell: whoever waits on it gets an error. */
    void abort() {
        broken = true;
        IOUtils.closeQuietly(socket, ssh); // nothing can be lost: every write was answered or has failed
    }

    @Override
    public void close() {
        broken = true;
        IOUtils.closeQuietly(ssh);
    }

    static boolean isAbsent(SFTPException e) {
        return e.getStatusCode() == StatusCode.NO_SUCH_FILE || e.getStatusCode() == StatusCode.NO_SUCH_PATH;
    }

    private StorageException.Unavailable lost(String why, Throwable cause) {
        broken = true;
        return new StorageException.Unavailable("lost the connection to " + where + ": " + why, cause);
    }

    private Promise<Response, SFTPException> send(Request request) throws StorageException {
        try {
            return engine.request(request);
        } catch (IOException | RuntimeException e) {
            throw lost(SftpErrors.words(e), e);
        }
    }

    private void ok(Request request, Duration timeout) throws SFTPException, StorageException {
        ask(request, timeout).ensureStatusPacketIsOK();
    }

    private byte[] handle(Request request) throws SFTPException, StorageException {
        Response answer = ask(request, ANSWER_TIMEOUT).ensurePacketTypeIs(PacketType.HANDLE);
        try {
            return answer.readBytes();
        } catch (BufferException e) {
            throw lost("gave half an answer", e);
        }
    }

    private FileAttributes attributes(Request request) throws SFTPException, StorageException {
        return ask(request, ANSWER_TIMEOUT).ensurePacketTypeIs(PacketType.ATTRS).readFileAttributes();
    }

    private Request request(PacketType type, String path) {
        return text(engine.newRequest(type), path);
    }

    private Request request(PacketType type, byte[] handle) {
        return engine.newRequest(type).putBytes(handle);
    }

    private Request extended(Extension extension) {
        return engine.newExtendedRequest(extension.fullName());
    }

    private static Request text(Request request, String text) {
        return request.putString(text);
    }
}
