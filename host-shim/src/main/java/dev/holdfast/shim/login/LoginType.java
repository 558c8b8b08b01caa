package dev.holdfast.shim.login;

import dev.holdfast.core.model.Secret;
import dev.holdfast.core.storage.GoogleDriveLogin;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A storage type whose refresh token comes from a login, and the names of its settings.
 *
 * @param type as in {@code holdfast storage add}
 * @param clientId the setting that names the app
 * @param clientSecret the secret setting with which the app logs in; empty where PKCE is enough
 * @param stale secret settings that a new login makes wrong
 */
public record LoginType(
        String type,
        String provider,
        Way way,
        URI authorize,
        URI token,
        List<String> scopes,
        Map<String, String> parameters,
        String clientId,
        Optional<String> clientSecret,
        List<String> stale) {
    /** The secret setting that a login makes. */
    public static final String REFRESH_TOKEN = "refresh-token";

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** Dropbox's "OAuth guide": without a redirect the page shows the code, and with PKCE no secret is needed. */
    public static final LoginType DROPBOX = new LoginType(
            "dropbox",
            "Dropbox",
            Way.PASTE,
            URI.create("https://www.dropbox.com/oauth2/authorize"),
            URI.create("https://api.dropboxapi.com/oauth2/token"),
            List.of("files.metadata.read", "files.content.read", "files.content.write"),
            Map.of("token_access_type", "offline"),
            "app-key",
            Optional.empty(),
            List.of("app-secret"));

    /** Google's "OAuth 2.0 for Mobile & Desktop Apps": a desktop app has a secret, and is answered at the loopback. */
    public static final LoginType GDRIVE = new LoginType(
            "gdrive",
            "Google",
            Way.LOOPBACK,
            URI.create("https://accounts.google.com/o/oauth2/v2/auth"),
            URI.create("https://oauth2.googleapis.com/token"),
            List.of(GoogleDriveLogin.SCOPE),
            Map.of("access_type", "offline", "prompt", "consent"),
            "client-id",
            Optional.of("client-secret"),
            List.of());

    /** Every type that logs in. */
    public static final List<LoginType> ALL = List.of(DROPBOX, GDRIVE);

    /** How the code comes back. */
    public enum Way {
        /** The user pastes it. */
        PASTE,
        /** The browser brings it to a port of this machine. */
        LOOPBACK
    }

    /** The app of a user's own. */
    public OAuthApp app(String id, Optional<Secret> secret) {
        return new OAuthApp(provider, authorize, token, scopes, parameters, id, secret);
    }

    /** Waits for the code in this type's way. */
    public CodeSource codes(BufferedReader in, PrintStream out) throws IOException {
        return switch (way) {
            case PASTE -> new PastedCode(in, out);
            case LOOPBACK -> new LoopbackCode(out, PATIENCE);
        };
    }

    /** The same type at other addresses. */
    public LoginType at(URI authorizeAddress, URI tokenAddress) {
        return new LoginType(
                type, provider, way, authorizeAddress, tokenAddress, scopes, parameters, clientId, clientSecret, stale);
    }
}
