package dev.holdfast.shim.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.holdfast.core.model.Secret;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The authorization code flow with PKCE (RFC 6749 section 4.1, RFC 7636): the user allows the app in a browser, a code
 * comes back, and the code is exchanged for a refresh token. Neither is ever printed.
 */
public final class OAuthLogin {
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();

    private final OAuthApp app;
    private final SecureRandom random;

    public OAuthLogin(OAuthApp app, SecureRandom random) {
        this.app = app;
        this.random = random;
    }

    /**
     * Logs in.
     *
     * @return the refresh token
     * @throws LoginFailedException there is none, and why
     */
    public Secret run(CodeSource source) throws IOException {
        Pkce pkce = Pkce.random(random);
        String state = Pkce.text(random);
        String code = source.await(address(source, pkce, state), state);
        return exchange(source, pkce, code);
    }

    private URI address(CodeSource source, Pkce pkce, String state) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("client_id", app.clientId());
        fields.put("response_type", "code");
        fields.put("code_challenge", pkce.challenge());
        fields.put("code_challenge_method", "S256");
        fields.put("scope", String.join(" ", app.scopes()));
        fields.putAll(app.parameters());
        source.redirect().ifPresent(redirect -> {
            fields.put("redirect_uri", redirect.toString());
            fields.put("state", state);
        });
        return URI.create(app.authorize() + "?" + form(fields));
    }

    private Secret exchange(CodeSource source, Pkce pkce, String code) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("grant_type", "authorization_code");
        fields.put("code", code);
        fields.put("code_verifier", pkce.verifier().reveal());
        fields.put("client_id", app.clientId());
        app.clientSecret().ifPresent(secret -> fields.put("client_secret", secret.reveal()));
        source.redirect().ifPresent(redirect -> fields.put("redirect_uri", redirect.toString()));
        HttpResponse<String> answer = post(form(fields));
        JsonNode json = parsed(answer);
        if (answer.statusCode() != 200) {
            throw refused(answer.statusCode(), json);
        }
        requireScopes(json.path("scope").asText(""));
        String token = json.path("refresh_token").asText("");
        if (token.isEmpty()) {
            throw new LoginFailedException(app.provider()
                    + " gave no refresh token, so the login would end within hours; nothing was saved. Remove the app from"
                    + " the account's connected apps, then log in again");
        }
        return Secret.of(token);
    }

    private HttpResponse<String> post(String form) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(app.token())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .timeout(ANSWER)
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        try (HttpClient http = HttpClient.newBuilder()
                .connectTimeout(ANSWER)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while waiting for " + app.provider());
        } catch (IOException e) {
            throw new LoginFailedException(
                    "no answer from " + app.token().getHost() + "; check the network and log in again", e);
        }
    }

    private JsonNode parsed(HttpResponse<String> answer) throws LoginFailedException {
        try {
            JsonNode json = JSON.readTree(answer.body());
            if (json.isObject()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            throw notJson(answer.statusCode()); // without the cause, which quotes the answer
        }
        throw notJson(answer.statusCode());
    }

    private LoginFailedException notJson(int status) {
        return new LoginFailedException(app.token().getHost() + " does not answer as a login does (status " + status
                + "); try again later, or look for a proxy between");
    }

    private LoginFailedException refused(int status, JsonNode json) {
        String error = printable(json.path("error").asText(""));
        return new LoginFailedException(
                switch (error) {
                    case "invalid_grant" ->
                        app.provider()
                                + " does not accept the code: it was mistyped, has expired, was used before, or belongs to"
                                + " another login; nothing was saved; log in again";
                    case "invalid_client", "unauthorized_client" ->
                        app.provider() + " does not accept the app " + app.clientId()
                                + "; check its id and whether it needs its secret";
                    default ->
                        app.provider() + " refused the login (status " + status + " " + error + "); nothing was saved";
                });
    }

    /** Providers let the user take permissions away. An answer without scopes gives what was asked for (RFC 6749, section 5.1). */
    private void requireScopes(String granted) throws LoginFailedException {
        Set<String> missing = new HashSet<>(app.scopes());
        missing.removeAll(Arrays.asList(granted.split(" ", -1)));
        if (!granted.isEmpty() && !missing.isEmpty()) {
            throw new LoginFailedException("the login does not give the permissions "
                    + missing.stream().sorted().collect(Collectors.joining(", "))
                    + "; nothing was saved; allow them, and log in again");
        }
    }

    /** A short word of somebody else's, fit to be shown. */
    static String printable(String text) {
        String plain = text.replaceAll("[^A-Za-z0-9_.: -]", "");
        return plain.substring(0, Math.min(60, plain.length()));
    }

    /** The fields of a query or a form; of a field that comes twice the first. */
    static Map<String, String> fields(String query) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : query.split("&", -1)) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                fields.putIfAbsent(decoded(field.substring(0, equals)), decoded(field.substring(equals + 1)));
            }
        }
        return fields;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            return ""; // a malformed escape is no answer of a provider
        }
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    /** A blank as every reader of an address understands it, not as a plus. */
    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }
}
