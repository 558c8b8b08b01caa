package dev.holdfast.core.storage.gdrive;

import dev.holdfast.core.model.Secret;
import dev.holdfast.core.storage.GoogleDriveLogin;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The token server: RFC 6749, 5.2 and 6. It gives out access tokens and knows which of them hold. */
final class StandInTokens {
    static final GoogleDriveLogin LOGIN =
            new GoogleDriveLogin("client.apps.example", Secret.of("client-secret-x"), Secret.of("refresh-token-x"));

    /** Tokens that hold; to clear it is to expire them all. */
    final Set<String> accessTokens = ConcurrentHashMap.newKeySet();

    final AtomicInteger logins = new AtomicInteger();
    private volatile String loginError = "";

    /** What is answered. */
    record Answer(int status, Map<String, Object> json) {}

    /** What the token server says from now on; empty for tokens. */
    void loginError(String error) {
        loginError = error;
    }

    Answer answer(Map<String, String> form) {
        if (!loginError.isEmpty()) {
            return error(loginError.equals("invalid_client") ? 401 : 400, loginError, "refused");
        }
        boolean knownClient = form.getOrDefault("grant_type", "").equals("refresh_token")
                && form.getOrDefault("client_id", "").equals(LOGIN.clientId())
                && form.getOrDefault("client_secret", "")
                        .equals(LOGIN.clientSecret().reveal());
        if (!knownClient) {
            return error(401, "invalid_client", "Unauthorized");
        }
        if (!form.getOrDefault("refresh_token", "").equals(LOGIN.refreshToken().reveal())) {
            return error(400, "invalid_grant", "Token has been expired or revoked.");
        }
        String token = "ya29.stand-in-" + logins.incrementAndGet();
        accessTokens.add(token);
        return new Answer(
                200,
                Map.of(
                        "access_token",
                        token,
                        "expires_in",
                        3599,
                        "scope",
                        GoogleDriveLogin.SCOPE,
                        "token_type",
                        "Bearer"));
    }

    private static Answer error(int status, String error, String description) {
        return new Answer(status, Map.of("error", error, "error_description", description));
    }

    void require(@Nullable String authorization) throws Refusal {
        String header = Optional.ofNullable(authorization).orElse("");
        if (!header.startsWith("Bearer ") || !accessTokens.contains(header.substring(7))) {
            throw expired();
        }
    }

    /** What a token that does not hold gets. */
    static Refusal expired() {
        return new Refusal(
                401,
                "authError",
                "Invalid Credentials",
                "Authorization",
                Map.of("WWW-Authenticate", "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\""));
    }
}
