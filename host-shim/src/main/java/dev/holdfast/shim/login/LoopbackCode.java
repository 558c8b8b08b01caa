package dev.holdfast.shim.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The provider sends the browser back to a port of this machine that only this machine reaches (RFC 8252, section 7.3). On
 * a machine without a browser the port must be forwarded: {@code ssh -L PORT:127.0.0.1:PORT}.
 */
public final class LoopbackCode implements CodeSource {
    private final PrintStream out;
    private final Duration patience;
    private final HttpServer server;
    private final BlockingQueue<Map<String, String>> answers = new ArrayBlockingQueue<>(1);

    /**
     * Listens at a free port.
     *
     * @param patience how long the user has
     */
    public LoopbackCode(PrintStream out, Duration patience) throws IOException {
        this.out = out;
        this.patience = patience;
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @Override
    public Optional<URI> redirect() {
        return Optional.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    }

    @Override
    public String await(URI address, String state) throws IOException {
        int port = server.getAddress().getPort();
        out.println("Open this address in a browser on this machine, and allow the app:");
        out.println();
        out.println("  " + address);
        out.println();
        out.println("The browser is on another machine? Run there first: ssh -L " + port + ":127.0.0.1:" + port
                + " THIS-MACHINE");
        out.flush();
        return code(next(), state);
    }

    private Map<String, String> next() throws IOException {
        try {
            Map<String, String> answer = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (answer == null) {
                throw new LoginFailedException("no answer came from the browser within " + patience.toMinutes()
                        + " minutes; nothing was saved");
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while waiting for the browser");
        }
    }

    private static String code(Map<String, String> answer, String state) throws LoginFailedException {
        byte[] given = answer.getOrDefault("state", "").getBytes(UTF_8);
        if (!MessageDigest.isEqual(given, state.getBytes(UTF_8))) {
            throw new LoginFailedException(
                    "what the browser brought is not the answer to this login (its state differs): nothing was saved;"
                            + " log in again, and use only the address that is shown then");
        }
        if (answer.containsKey("error")) {
            throw new LoginFailedException("the login was refused in the browser ("
                    + OAuthLogin.printable(answer.getOrDefault("error", "")) + "); nothing was saved");
        }
        String code = answer.getOrDefault("code", "");
        if (code.isEmpty()) {
            throw new LoginFailedException("the browser brought no code; nothing was saved; log in again");
        }
        return code;
    }

    /** The first request that has a state is the answer; browsers also ask for icons. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String query =
                    Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
            Map<String, String> fields = OAuthLogin.fields(query);
            boolean taken = fields.containsKey("state") && answers.offer(fields);
            byte[] page =
                    (taken ? "Holdfast has the answer. You can close this page." : "Nothing is here.").getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
            exchange.sendResponseHeaders(taken ? 200 : 404, page.length);
            exchange.getResponseBody().write(page);
        }
    }

    @Override
    public void close() {
        server.stop(1); // a second for the page to be sent
    }
}
