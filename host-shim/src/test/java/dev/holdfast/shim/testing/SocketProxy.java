package dev.holdfast.shim.testing;

import dev.holdfast.shim.docker.DockerEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A Docker socket proxy that lets pass what is in its rules and answers 403 to the rest. Every connection carries one request: what follows on
 * it is the stream of a command, or nothing.
 */
public final class SocketProxy implements AutoCloseable {
    /** By what the documentation calls it: the least that Holdfast needs. */
    private static final Map<String, Pattern> RULES = new TreeMap<>(Map.of(
            "GET /version", Pattern.compile("GET /version"),
            "GET /containers/json", Pattern.compile("GET /containers/json"),
            "GET /containers/ID/json", Pattern.compile("GET /containers/[^/]+/json"),
            "POST /containers/ID/exec", Pattern.compile("POST /containers/[^/]+/exec"),
            "POST /exec/ID/start", Pattern.compile("POST /exec/[0-9a-f]+/start"),
            "GET /exec/ID/json", Pattern.compile("GET /exec/[0-9a-f]+/json")));

    private final DockerEndpoint engine;
    private final ServerSocketChannel server;
    private final Set<String> used = new ConcurrentSkipListSet<>();
    private final Queue<String> refused = new ConcurrentLinkedQueue<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();

    public SocketProxy(DockerEndpoint engine) throws IOException {
        this.engine = engine;
        this.server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.socket().getLocalPort();
    }

    /** For DOCKER_HOST. */
    public String address() {
        return "tcp://127.0.0.1:" + port();
    }

    /** All rules, by name. */
    public static Set<String> rules() {
        return RULES.keySet();
    }

    /** The rules that let something pass. */
    public Set<String> used() {
        return Set.copyOf(used);
    }

    /** Method and path of each request that was refused. */
    public Queue<String> refused() {
        return refused;
    }

    /** What went wrong in the proxy itself. */
    public Queue<String> faults() {
        return faults;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                Thread.ofPlatform().daemon().start(() -> serve(client));
            } catch (IOException e) {
                if (server.isOpen()) {
                    faults.add(e.toString());
                }
                return;
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            String head = head(client);
            if (head.isEmpty()) {
                return;
            }
            String[] request = head.substring(0, head.indexOf('\r')).split(" ", -1);
            String asked =
                    request[0] + " " + request[1].replaceFirst("^/v[0-9.]+", "").replaceFirst("\\?.*", "");
            String rule = RULES.entrySet().stream()
                    .filter(one -> one.getValue().matcher(asked).matches())
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse("");
            if (rule.isEmpty()) {
                refused.add(asked);
                write(client, "HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                client.shutdownOutput();
                drain(client);
                return;
            }
            used.add(rule);
            try (SocketChannel behind = engine.open()) {
                write(behind, rule.equals("POST /exec/ID/start") ? head : onlyThis(head));
                Thread.ofPlatform().daemon().start(() -> pumpUp(client, behind));
                pump(behind, client);
                client.shutdownOutput();
            }
        } catch (IOException e) {
            // the end of either side is how a stream ends; a test that misses something fails by itself
            faults.add(e.toString());
        }
    }

    /** The engine ends the connection after the answer, so that nothing else can follow unseen. */
    private static String onlyThis(String head) {
        return head.lines()
                        .filter(line -> !line.isEmpty() && !line.regionMatches(true, 0, "connection:", 0, 11))
                        .collect(Collectors.joining("\r\n"))
                + "\r\nConnection: close\r\n\r\n";
    }

    private void pumpUp(SocketChannel client, SocketChannel behind) {
        try {
            pump(client, behind);
            behind.shutdownOutput();
        } catch (IOException e) {
            if (client.isOpen() && behind.isOpen()) {
                faults.add(e.toString());
            }
        }
    }

    private static void pump(SocketChannel from, SocketChannel to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
        while (from.read(buffer) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                to.write(buffer);
            }
            buffer.clear();
        }
    }

    private static void drain(SocketChannel from) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 12);
        while (from.read(buffer) >= 0) {
            buffer.clear();
        }
    }

    private static String head(SocketChannel from) throws IOException {
        StringBuilder head = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (!head.toString().endsWith("\r\n\r\n")) {
            one.clear();
            if (from.read(one) < 0) {
                return "";
            }
            head.append((char) (one.get(0) & 0xff));
        }
        return head.toString();
    }

    private static void write(SocketChannel to, String text) throws IOException {
        ByteBuffer bytes = StandardCharsets.ISO_8859_1.encode(text);
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }
}
