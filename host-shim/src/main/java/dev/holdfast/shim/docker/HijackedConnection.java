package dev.holdfast.shim.docker;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A connection to the engine that becomes a command's stdin, stdout and stderr. Output comes in frames of 8 bytes of header (stream number, three
 * zeros, length) and the bytes. Source: Docker Engine API, "Attach to a container", stream format.
 *
 * <p>One thread reads, one may write. Each says since when it waits, so that a third can find out whether anything is still to come.
 */
final class HijackedConnection implements Closeable {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int HEADER_BYTES = 8;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int MAX_LINE = 8192;
    private static final int MAX_ERROR_BYTES = 4096;

    private final SocketChannel channel;
    private final ByteBuffer inbound = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
    private int frameType;
    private long frameRemaining;
    private boolean ended;
    private volatile long bytesTaken;
    private volatile long readingSinceNanos;
    private volatile long writingSinceNanos;

    HijackedConnection(SocketChannel channel) {
        this.channel = channel;
    }

    /** The engine's answer: its status, and what it said when that is no success. */
    record Answer(int status, String said) {
        boolean isHijacked() {
            return status == 101 || status == 200;
        }
    }

    /** The connection is of no more use, for the reason that the message tells. */
    static final class Lost extends IOException {
        private static final long serialVersionUID = 1L;

        Lost(String reason) {
            super(reason);
        }
    }

    /** Asks for the streams. After any other answer than a hijack the connection is to be closed. */
    Answer hijack(String path) throws IOException {
        byte[] body = "{\"Detach\":false,\"Tty\":false}".getBytes(StandardCharsets.US_ASCII);
        String head = "POST " + path + " HTTP/1.1\r\nHost: docker\r\n"
                + "Content-Type: application/json\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: "
                + body.length
                + "\r\n\r\n";
        writeFully(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
        writeFully(ByteBuffer.wrap(body));
        String status = line();
        if (!status.matches("HTTP/1\\.[0-9] [0-9]{3}( .*)?")) {
            throw new Lost("the engine answered " + status);
        }
        long bodyBytes = headers();
        Answer answer = new Answer(Integer.parseInt(status.substring(9, 12)), "");
        return answer.isHijacked() ? answer : new Answer(answer.status(), text(Math.min(bodyBytes, MAX_ERROR_BYTES)));
    }

    private String text(long bytes) throws IOException {
        StringBuilder text = new StringBuilder();
        for (long left = bytes; left > 0; left--) {
            text.append((char) (nextByte() & 0xff));
        }
        return text.toString().strip();
    }

    /** Reads the headers and says how long the body is, 0 when that is not said. */
    private long headers() throws IOException {
        long length = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            if (colon > 0 && header.substring(0, colon).toLowerCase(Locale.ROOT).equals("content-length")) {
                length = Long.parseLong(header.substring(colon + 1).strip());
            }
        }
        return length;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (byte b = nextByte(); b != '\n'; b = nextByte()) {
            if (line.length() > MAX_LINE) {
                throw new Lost("the engine answered a header line without end");
            }
            line.append((char) (b & 0xff));
        }
        return line.toString().stripTrailing();
    }

    private byte nextByte() throws IOException {
        if (!inbound.hasRemaining() && fill() < 0) {
            throw new Lost("the engine closed the connection before it answered");
        }
        return inbound.get();
    }

    /** Whether the command has closed its output. */
    boolean hasEnded() {
        return ended;
    }

    /**
     * Goes one step on: takes what is there of stdout into {@code target}, of stderr into {@code stderr}, and waits for more only when
     * {@code waiting} allows. Returns the bytes of stdout, or {@link #NOTHING_YET} when it would have to wait.
     */
    int step(byte[] target, int offset, int length, StderrTail stderr, Waiting waiting) throws IOException {
        if (frameRemaining == 0) {
            if (waiting == Waiting.NO && inbound.remaining() < HEADER_BYTES) {
                return NOTHING_YET;
            }
            nextFrame();
            return 0;
        }
        if (!inbound.hasRemaining()) {
            if (waiting == Waiting.NO) {
                return NOTHING_YET;
            }
            if (fill() < 0) {
                throw new Lost("the engine closed the connection in the middle of a frame");
            }
            return 0;
        }
        return take(target, offset, length, stderr);
    }

    /** What {@link #step} returns instead of waiting. */
    static final int NOTHING_YET = -1;

    /** Whether a step may wait for the engine. */
    enum Waiting {
        YES,
        NO
    }

    private void nextFrame() throws IOException {
        while (inbound.remaining() < HEADER_BYTES) {
            if (fill() < 0) {
                if (inbound.hasRemaining()) {
                    throw new Lost("the engine closed the connection in the middle of a frame header");
                }
                ended = true;
                return;
            }
        }
        long header = inbound.getLong();
        frameType = (int) (header >>> 56);
        frameRemaining = header & 0xffffffffL;
        if (frameType > STDERR || (header & 0x00ffffff00000000L) != 0) {
            throw new Lost("the engine sent something that is no frame");
        }
    }

    private int take(byte[] target, int offset, int length, StderrTail stderr) {
        int available = (int) Math.min(frameRemaining, inbound.remaining());
        int count = frameType == STDOUT ? Math.min(available, length) : available;
        frameRemaining -= count;
        bytesTaken = bytesTaken() + count;
        if (frameType == STDOUT) {
            inbound.get(target, offset, count);
            return count;
        }
        stderr.append(inbound, count);
        return 0;
    }

    private int fill() throws IOException {
        inbound.compact();
        readingSinceNanos = System.nanoTime() | 1;
        try {
            return channel.read(inbound);
        } catch (ClosedChannelException e) {
            throw new Lost("the stream was closed while it was read");
        } catch (IOException e) {
            throw new Lost("the connection to the engine broke: " + e.getMessage());
        } finally {
            readingSinceNanos = 0;
            inbound.flip();
        }
    }

    /** Writes to the command's stdin. */
    void write(byte[] bytes, int offset, int length) throws IOException {
        writingSinceNanos = System.nanoTime() | 1;
        try {
            writeFully(ByteBuffer.wrap(bytes, offset, length));
        } finally {
            writingSinceNanos = 0;
        }
    }

    private void writeFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** {@link System#nanoTime()} of the write or read that now waits for the engine, 0 while none does. */
    long waitingSinceNanos() {
        long writing = writingSinceNanos;
        return writing == 0 ? readingSinceNanos : writing;
    }

    /** Of stdout and stderr, so far. */
    long bytesTaken() {
        return bytesTaken;
    }

    /** Half-closes: the command sees the end of its stdin, and its output is still read. */
    void endOutput() throws IOException {
        channel.shutdownOutput();
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Reads all that comes and throws it away, until the connection ends or breaks. */
    void discard() throws IOException {
        ByteBuffer waste = ByteBuffer.allocate(64 << 10);
        while (channel.read(waste) >= 0) {
            waste.clear();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
