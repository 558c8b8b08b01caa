package dev.holdfast.core.storage.dropbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A server in place of Dropbox, written from its published API, that is as strict: hosts, methods, content types, headers in
 * ASCII, tokens that end, fields that are unknown. It speaks plain HTTP on the loopback; the Host header says which of
 * Dropbox's hosts is meant.
 */
final class StandInDropbox implements AutoCloseable {
    static final String APP_KEY = "appkey123";
    static final String APP_SECRET = "appsecret456";
    static final String REFRESH_TOKEN = "refresh-token-of-the-tests";
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]+)-([0-9]*)");

    final StandInFiles files = new StandInFiles();
    final StandInRoutes routes = new StandInRoutes(files);
    /** The routes that were asked, in order. */
    final List<String> requests = new CopyOnWriteArrayList<>();
    /** Whether the app has no secret and logs in by its key alone. */
    volatile boolean publicApp;
    /** How long a token lasts, in seconds. */
    volatile int tokenSeconds = 14_400;
    /** What tokens may not do. */
    volatile Optional<String> missingScope = Optional.empty();
    /** Ranges are answered with the whole file, as a proxy may do. */
    volatile boolean ignoresRanges;

    private final Map<String, Queue<Refused>> scripted = new ConcurrentHashMap<>();
    private final Set<String> tokens = ConcurrentHashMap.newKeySet();
    private final Set<String> expired = ConcurrentHashMap.newKeySet();
    private HttpServer server;

    StandInDropbox() throws IOException {
        server = start(0);
    }

    private HttpServer start(int port) throws IOException {
        HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        started.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        started.createContext("/", this::handle);
        started.start();
        return started;
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    void restart() throws IOException {
        int port = address().getPort();
        server.stop(0);
        server = start(port);
    }

    /** A way there for {@link DropboxHttp}. */
    static URI routed(URI address, InetSocketAddress to) {
        return URI.create("http://127.0.0.1:" + to.getPort() + address.getRawPath());
    }

    /** Answers the next request of a route so. */
    void refuseNext(String route, Refused refused) {
        scripted.computeIfAbsent(route, r -> new ConcurrentLinkedQueue<>()).add(refused);
    }

    /** Every token that was given out ends now. */
    void expireTokens() {
        expired.addAll(tokens);
    }

    /** Every token that was given out is unknown now, and so is the refresh token from which it came. */
    void revoke() {
        tokens.clear();
        refuseNext(
                "/oauth2/token",
                new Refused(
                        400,
                        Map.of("Content-Type", "application/json"),
                        "{\"error\":\"invalid_grant\",\"error_description\":\"refresh token is invalid or revoked\"}"));
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String route = exchange.getRequestURI().getPath();
        requests.add(route);
        try (exchange) {
            try {
                Queue<Refused> script = scripted.getOrDefault(route, new ConcurrentLinkedQueue<>());
                Refused next = script.poll();
                if (next != null) {
                    throw next;
                }
                answer(exchange, route, body);
            } catch (Refused e) {
                e.headers().forEach(exchange.getResponseHeaders()::set);
                send(exchange, e.status(), e.body().getBytes(UTF_8));
            }
        }
    }

    private void answer(HttpExchange exchange, String route, byte[] body) throws IOException, Refused {
        Headers headers = exchange.getRequestHeaders();
        if (!exchange.getRequestMethod().equals("POST")) {
            throw Refused.badRequest("method " + exchange.getRequestMethod());
        }
        boolean content = route.startsWith("/2/files/upload") || route.equals("/2/files/download");
        String host = content ? "content.dropboxapi.com" : "api.dropboxapi.com";
        if (!host.equals(headers.getFirst("Host"))) {
            throw new Refused(404, Map.of(), "route " + route + " is not at " + headers.getFirst("Host"));
        }
        if (route.equals("/oauth2/token")) {
            json(exchange, token(headers, new String(body, UTF_8)));
            return;
        }
        requireToken(headers);
        if (!content) {
            requireType(headers, Set.of("application/json", "application/json; charset=utf-8"));
            json(exchange, routes.call(route, parsed(new String(body, UTF_8))).toString());
        } else if (route.equals("/2/files/download")) {
            requireType(headers, Set.of("", "application/octet-stream", "text/plain"));
            download(exchange, argument(headers), body);
        } else {
            requireType(headers, Set.of("application/octet-stream"));
            json(exchange, routes.upload(route, argument(headers), body).toString());
        }
    }

    private String token(Headers headers, String form) throws Refused {
        Map<String, String> fields = Arrays.stream(form.split("&"))
                .map(field -> field.split("=", 2))
                .collect(Collectors.toMap(field -> field[0], field -> URLDecoder.decode(field[1], UTF_8)));
        String basic = "Basic " + Base64.getEncoder().encodeToString((APP_KEY + ":" + APP_SECRET).getBytes(UTF_8));
        boolean known =
                publicApp ? APP_KEY.equals(fields.get("client_id")) : basic.equals(headers.getFirst("Authorization"));
        if (!known) {
            throw oauth("invalid_client", "Invalid client_id or client_secret");
        }
        if (!"refresh_token".equals(fields.get("grant_type"))) {
            throw oauth("unsupported_grant_type", "grant type not supported");
        }
        if (!REFRESH_TOKEN.equals(fields.get("refresh_token"))) {
            throw oauth("invalid_grant", "refresh token is invalid or revoked");
        }
        String token = "sl." + UUID.randomUUID();
        tokens.add(token);
        return "{\"access_token\":\"" + token + "\",\"token_type\":\"bearer\",\"expires_in\":" + tokenSeconds + "}";
    }

    private static Refused oauth(String error, String description) {
        return new Refused(
                400,
                Map.of("Content-Type", "application/json"),
                "{\"error\":\"" + error + "\",\"error_description\":\"" + description + "\"}");
    }

    private void requireToken(Headers headers) throws Refused {
        List<String> all = headers.getOrDefault("Authorization", List.of());
        if (all.size() != 1 || !all.getFirst().startsWith("Bearer ")) {
            throw Refused.badRequest("Invalid authorization value in HTTP header \"Authorization\"");
        }
        String token = all.getFirst().substring("Bearer ".length());
        if (!tokens.contains(token)) {
            throw Refused.token("invalid_access_token");
        }
        if (expired.contains(token)) {
            throw Refused.token("expired_access_token");
        }
        if (missingScope.isPresent()) {
            throw new Refused(
                    401,
                    Map.of("Content-Type", "application/json"),
                    "{\"error_summary\":\"missing_scope/..\",\"error\":{\".tag\":\"missing_scope\",\"required_scope\":\""
                            + missingScope.get() + "\"}}");
        }
    }

    private static void requireType(Headers headers, Set<String> allowed) throws Refused {
        String type = headers.getFirst("Content-Type");
        if (!allowed.contains(type == null ? "none" : type)) {
            throw Refused.badRequest("Bad HTTP \"Content-Type\" header: \"" + type + "\"");
        }
    }

    private static JsonNode argument(Headers headers) throws Refused {
        String text = headers.getFirst("Dropbox-API-Arg");
        if (text == null || text.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
            throw Refused.badRequest("HTTP header \"Dropbox-API-Arg\" is missing or not in ASCII");
        }
        return parsed(text);
    }

    private static JsonNode parsed(String text) throws Refused {
        try {
            return StandInFiles.JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw Refused.badRequest("could not decode input as JSON");
        }
    }

    private void download(HttpExchange exchange, JsonNode arg, byte[] body) throws IOException, Refused {
        if (body.length > 0) {
            throw Refused.badRequest("a download has no body");
        }
        StandInFiles.Entry file = routes.file(arg);
        byte[] all = file.bytes();
        String range = exchange.getRequestHeaders().getFirst("Range");
        exchange.getResponseHeaders()
                .set(
                        "Dropbox-API-Result",
                        files.metadata(arg.path("path").asText(), file).toString());
        exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
        if (range == null || ignoresRanges) {
            send(exchange, 200, all);
            return;
        }
        Matcher matcher = RANGE.matcher(range);
        if (!matcher.matches()) {
            throw Refused.badRequest("range " + range);
        }
        long from = Long.parseLong(matcher.group(1));
        if (from >= all.length) {
            exchange.getResponseHeaders().remove("Dropbox-API-Result");
            throw new Refused(416, Map.of("Content-Range", "bytes */" + all.length), "");
        }
        long last = matcher.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(matcher.group(2));
        int end = (int) Math.min(all.length - 1L, last);
        exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + end + "/" + all.length);
        send(exchange, 206, Arrays.copyOfRange(all, (int) from, end + 1));
    }

    private static void json(HttpExchange exchange, String text) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        send(exchange, 200, text.getBytes(UTF_8));
    }

    private static void send(HttpExchange exchange, int status, byte[] content) throws IOException {
        exchange.getResponseHeaders()
                .set("X-Dropbox-Request-Id", UUID.randomUUID().toString());
        exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
        exchange.getResponseBody().write(content);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
