package dev.holdfast.core.storage.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * A server that gives one answer, as the vendors document it, to every request, and keeps what it was asked. As S3 does, it
 * answers a HEAD with the status and headers alone.
 */
final class CannedServer implements AutoCloseable {
    private final HttpServer server;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Answer answer;

    CannedServer(Answer answer) throws IOException {
        this.answer = answer;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    /** An error in the XML that every server of the family sends. */
    static Answer error(int status, String code, String message, String more) {
        return new Answer(
                status,
                Map.of(),
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code + "</Code><Message>" + message
                        + "</Message>" + more + "<RequestId>4442587FB7D0A2F9</RequestId></Error>");
    }

    void answer(Answer next) {
        answer = next;
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    List<Request> requests() {
        return requests;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            requests.add(new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    Map.copyOf(exchange.getRequestHeaders())));
            Answer now = answer;
            now.headers().forEach(exchange.getResponseHeaders()::add);
            if (exchange.getRequestMethod().equals("HEAD")) {
                if (now.status() == 200) {
                    exchange.getResponseHeaders()
                            .set("Content-Length", "" + now.body().length());
                }
                exchange.sendResponseHeaders(now.status(), -1);
                return;
            }
            exchange.getResponseHeaders().add("Content-Type", "application/xml");
            byte[] body = now.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(now.status(), body.length == 0 ? -1 : body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }

    record Answer(int status, Map<String, String> headers, String body) {
        Answer withHeader(String name, String value) {
            return new Answer(status, Map.of(name, value), body);
        }
    }

    record Request(String method, String path, Map<String, List<String>> headers) {
        String header(String name) {
            return headers.entrySet().stream()
                    .filter(e -> e.getKey().equalsIgnoreCase(name))
                    .map(e -> e.getValue().getFirst())
                    .findFirst()
                    .orElse("");
        }
    }
}
