package dev.holdfast.shim.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/**
 * An authorization server and the user's browser in one, as strict as RFC 6749 and RFC 7636 ask and as the guides of Dropbox
 * and Google say: addresses without PKCE, without offline access or with an unknown app show an error page, a code works once
 * and only with its verifier and its redirect.
 */
public final class StandInOAuth implements AutoCloseable {
    public static final String CLIENT = "client123";
    public static final String SECRET = "client-secret-456";
    public static final String TOKEN = "the-refresh-token";
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
    private final boolean needsSecret;

    /** What goes wrong in this test. */
    public enum Trouble {
        NONE,
        USER_REFUSES,
        WRONG_STATE,
        NO_STATE,
        NO_CODE,
        OTHER_CODE,
        NO_REFRESH_TOKEN,
        FEWER_SCOPES,
        PAGE_OF_A_PROXY
    }

    volatile Trouble trouble = Trouble.NONE;

    /** @param needsSecret whether the app must tell its secret with the code, as Google's must and Dropbox's with PKCE need not */
    public StandInOAuth(boolean needsSecret) throws IOException {
        this.needsSecret = needsSecret;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/token", this::token);
        server.start();
    }

    public void make(Trouble other) {
        trouble = other;
    }

    private URI at(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    /** A provider's type with the addresses of this server. */
    public LoginType at(LoginType type) {
        return type.at(at("/authorize"), at("/token"));
    }

    /**
     * What the browser does when the user opens the address and allows the app.
     *
     * @return the code that is shown, or the address the browser is sent to
     */
    public String visit(String address) {
        Map<String, String> asked = OAuthLogin.fields(URI.create(address).getRawQuery());
        require(CLIENT.equals(asked.get("client_id")), "unknown client");
        require("code".equals(asked.get("response_type")), "response_type");
        require("S256".equals(asked.get("code_challenge_method")), "code_challenge_method");
        require(asked.getOrDefault("code_challenge", "").matches("[A-Za-z0-9_-]{43}"), "code_challenge");
        require(!asked.getOrDefault("scope", "").isBlank(), "scope");
        require(
                "offline".equals(asked.get("token_access_type")) || "offline".equals(asked.get("access_type")),
                "offline access");
        String code = "code-" + UUID.randomUUID();
        codes.put(code, asked);
        Optional<String> redirect = Optional.ofNullable(asked.get("redirect_uri"));
        return redirect.isPresent() ? redirected(redirect.get(), asked, code) : shown(code);
    }

    private String shown(String code) {
        return switch (trouble) {
            case NO_CODE -> "";
            case OTHER_CODE -> "code-of-another-login";
            default -> code;
        };
    }

    private String redirected(String redirect, Map<String, String> asked, String code) {
        require(redirect.matches("http://127\\.0\\.0\\.1:[0-9]+"), "redirect_uri");
        require(asked.getOrDefault("state", "").length() >= 43, "state");
        String state = URLEncoder.encode(asked.getOrDefault("state", ""), UTF_8);
        return redirect
                + switch (trouble) {
                    case USER_REFUSES -> "/?error=access_denied&state=" + state;
                    case WRONG_STATE -> "/?code=" + code + "&state=" + state + "x";
                    case NO_STATE -> "/?code=" + code + "&state=";
                    case NO_CODE -> "/?state=" + state;
                    case OTHER_CODE -> "/?code=code-of-another-login&state=" + state;
                    default -> "/?code=" + code + "&state=" + state;
                };
    }

    private static void require(boolean good, String what) {
        if (!good) {
            throw new AssertionError("the page shows an error: " + what);
        }
    }

    private void token(HttpExchange exchange) throws IOException {
        try (exchange) {
            String form = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            String type = exchange.getRequestHeaders().getFirst("Content-Type");
            if (trouble == Trouble.PAGE_OF_A_PROXY) {
                send(exchange, 200, "<html>log in to the hotel " + form + "</html>");
            } else if (!exchange.getRequestMethod().equals("POST")
                    || !"application/x-www-form-urlencoded".equals(type)) {
                send(exchange, 400, error("invalid_request"));
            } else {
                exchanged(exchange, OAuthLogin.fields(form));
            }
        }
    }

    private void exchanged(HttpExchange exchange, Map<String, String> form) throws IOException {
        boolean secret = needsSecret ? SECRET.equals(form.get("client_secret")) : !form.containsKey("client_secret");
        if (!CLIENT.equals(form.get("client_id")) || !secret) {
            send(exchange, 401, error("invalid_client"));
            return;
        }
        if (!"authorization_code".equals(form.get("grant_type"))) {
            send(exchange, 400, error("unsupported_grant_type"));
            return;
        }
        Map<String, String> asked = codes.remove(form.getOrDefault("code", ""));
        if (asked == null
                || !asked.getOrDefault("code_challenge", "").equals(challenge(form.getOrDefault("code_verifier", "")))
                || !asked.getOrDefault("redirect_uri", "").equals(form.getOrDefault("redirect_uri", ""))) {
            send(exchange, 400, error("invalid_grant"));
            return;
        }
        ObjectNode answer =
                JSON.createObjectNode().put("access_token", "an-access-token").put("expires_in", 3600);
        String scopes = asked.getOrDefault("scope", "");
        answer.put("scope", trouble == Trouble.FEWER_SCOPES ? scopes.replaceAll("[^ ]+$", "openid") : scopes);
        if (trouble != Trouble.NO_REFRESH_TOKEN) {
            answer.put("refresh_token", TOKEN);
        }
        send(exchange, 200, answer.toString());
    }

    static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String error(String code) {
        return "{\"error\":\"" + code + "\",\"error_description\":\"told by the server\"}";
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
