package dev.holdfast.shim.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One HTTP/1.1 exchange with the engine on a connection of its own: for bodies of any length, and for calls that may take longer than a
 * control call. RFC 9112; a body whose end was not seen ends with an exception.
 */
final class EngineHttp implements Closeable {
    private static final int BUFFER_BYTES = 256 << 10;
    private static final int MOST_LINE_CHARACTERS = 16 << 10;
    private static final int MOST_ERROR_BYTES = 64 << 10;

    private final String what;
    private final SocketChannel channel;
    private final ByteBuffer inbound = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    private final Map<String, String> headers = new HashMap<>();
    private int status;

    private EngineHttp(String what, SocketChannel channel) {
        this.what = what;
        this.channel = channel;
    }

    /** Asks without a body, and reads the head of the answer. */
    static EngineHttp ask(Engine engine, String method, String target) throws IOException {
        EngineHttp http = open(engine, method, target);
        try {
            http.write(head(engine, method, target) + "Content-Length: 0\r\n\r\n");
            http.readHead();
            return http;
        } catch (IOException | RuntimeException e) {
            http.close();
            throw e;
        }
    }

    /** Asks with an archive as the body, and reads the head of the answer. When {@code tar} fails the engine never sees its end. */
    static EngineHttp ask(Engine engine, String method, String target, InputStream tar) throws IOException {
        EngineHttp http = open(engine, method, target);
        try {
            http.write(head(engine, method, target)
                    + "Content-Type: application/x-tar\r\nTransfer-Encoding: chunked\r\n\r\n");
            http.send(tar);
            return http;
        } catch (IOException | RuntimeException e) {
            http.close();
            throw e;
        }
    }

    int status() {
        return status;
    }

    /** The body of the answer. Closing it closes the connection. */
    InputStream body() throws IOException {
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            return new Body(0, true);
        }
        String length = headers.get("content-length");
        if (length == null && status != 204 && status != 304) {
            throw lost("the engine did not say where its answer ends");
        }
        return new Body(length == null ? 0 : Long.parseLong(length), false);
    }

    /** The message of an error. */
    String message() throws IOException {
        String text = new String(body().readNBytes(MOST_ERROR_BYTES), StandardCharsets.UTF_8).strip();
        try {
            return new JsonMapper().readTree(text).path("message").asText(text);
        } catch (JsonProcessingException notJson) {
            return text;
        }
    }

    /** Throws what the engine said unless it said that all is well. */
    EngineHttp requireSuccess() throws IOException {
        if (status >= 400) {
            throw new EngineException.Unavailable("the Docker engine refused " + what + ": " + message(), null);
        }
        return this;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static EngineHttp open(Engine engine, String method, String target) throws EngineException {
        try {
            return new EngineHttp(
                    method + " " + target.replaceFirst("\\?.*", ""),
                    engine.endpoint().open());
        } catch (IOException e) {
            throw new EngineException.Unavailable(
                    "the Docker engine at " + engine.endpoint().uri() + " does not answer", e);
        }
    }

    private static String head(Engine engine, String method, String target) {
        return method + " /v" + engine.apiVersion() + target + " HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n";
    }

    private void send(InputStream tar) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        while (true) {
            int count = tar.read(buffer);
            try {
                if (count < 0) {
                    write("0\r\n\r\n");
                    break;
                }
                if (count > 0) {
                    write(Integer.toHexString(count) + "\r\n");
                    write(ByteBuffer.wrap(buffer, 0, count));
                    write("\r\n");
                }
            } catch (IOException e) {
                refusedEarly(e);
                return;
            }
        }
        readHead();
    }

    /** An engine that refuses a body need not read it to its end: then its answer is there, and says more than a broken pipe. */
    private void refusedEarly(IOException broken) throws IOException {
        try {
            readHead();
        } catch (IOException e) {
            broken.addSuppressed(e);
            throw lost("the connection broke: " + broken.getMessage(), broken);
        }
        if (status < 400) {
            throw lost("the engine took less than it was sent", broken);
        }
    }

    private void readHead() throws IOException {
        do {
            String line = line();
            String[] words = line.split(" ", 3);
            if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[1-5][0-9][0-9]")) {
                throw lost("the engine answered " + line);
            }
            status = Integer.parseInt(words[1]);
            headers.clear();
            for (String header = line(); !header.isEmpty(); header = line()) {
                int colon = header.indexOf(':');
                if (colon > 0) {
                    headers.put(
                            header.substring(0, colon).toLowerCase(Locale.ROOT),
                            header.substring(colon + 1).strip());
                }
            }
        } while (status < 200);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            if (!inbound.hasRemaining() && !fill()) {
                throw lost("the engine closed the connection before its answer was whole");
            }
            byte b = inbound.get();
            if (b == '\n') {
                return line.toString().stripTrailing();
            }
            if (line.length() > MOST_LINE_CHARACTERS) {
                throw lost("the engine answered a line without end");
            }
            line.append((char) (b & 0xff));
        }
    }

    private boolean fill() throws IOException {
        inbound.clear();
        try {
            return channel.read(inbound) > 0;
        } finally {
            inbound.flip();
        }
    }

    private void write(String text) throws IOException {
        write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private EOFException lost(String why) {
        return new EOFException(what + " was lost: " + why);
    }

    private EOFException lost(String why, IOException cause) {
        EOFException lost = lost(why);
        lost.initCause(cause);
        return lost;
    }

    private final class Body extends InputStream {
        private final boolean chunked;
        private long rest;
        private boolean begun;
        private boolean ended;

        Body(long rest, boolean chunked) {
            this.rest = rest;
            this.chunked = chunked;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (rest == 0 && !ended) {
                nextChunk();
            }
            if (ended) {
                return -1;
            }
            if (!inbound.hasRemaining() && !fill()) {
                throw lost("the engine closed the connection in the middle of its answer");
            }
            int count = (int) Math.min(rest, Math.min(length, inbound.remaining()));
            inbound.get(target, offset, count);
            rest -= count;
            return count;
        }

        private void nextChunk() throws IOException {
            if (!chunked) {
                ended = true;
                return;
            }
            if (begun && !line().isEmpty()) {
                throw lost("the engine sent a chunk of a wrong length");
            }
            begun = true;
            String size = line().replaceFirst(";.*", "").strip();
            if (!size.matches("[0-9a-fA-F]{1,15}")) {
                throw lost("the engine sent a chunk without a length");
            }
            rest = Long.parseLong(size, 16);
            ended = rest == 0;
        }

        @Override
        public void close() throws IOException {
            EngineHttp.this.close();
        }
    }
}
