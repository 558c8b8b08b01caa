package dev.holdfast.shim.login;

import dev.holdfast.core.model.Secret;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An app as its provider knows it, and where it logs in.
 *
 * @param provider its name for people
 * @param authorize the page where the user allows the app
 * @param token where a code is exchanged
 * @param scopes what the app may do; a login that gives less is refused
 * @param parameters what this provider wants to know besides, in the address of the page
 * @param clientId names the app; not secret
 */
public record OAuthApp(
        String provider,
        URI authorize,
        URI token,
        List<String> scopes,
        Map<String, String> parameters,
        String clientId,
        Optional<Secret> clientSecret) {
    private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "[::1]", "localhost");

    public OAuthApp {
        scopes = List.copyOf(scopes);
        parameters = Map.copyOf(parameters);
        requireSafe(authorize);
        requireSafe(token);
        if (!clientId.matches("[\\x21-\\x7e]{1,256}")) {
            throw new IllegalArgumentException("the id of the " + provider + " app is missing or malformed");
        }
    }

    private static void requireSafe(URI address) {
        boolean inside = address.getHost() != null && THIS_MACHINE.contains(address.getHost());
        if (!"https".equals(address.getScheme()) && !("http".equals(address.getScheme()) && inside)) {
            throw new IllegalArgumentException("a login goes over https only, not to " + address);
        }
    }
}
