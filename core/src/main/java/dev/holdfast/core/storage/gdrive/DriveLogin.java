package dev.holdfast.core.storage.gdrive;

import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpStatusCodes;
import com.google.api.client.http.HttpTransport;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.UserCredentials;
import dev.holdfast.core.storage.GoogleDriveLogin;
import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;

/**
 * Puts an access token on each request. Tokens renew themselves before they expire; one that is refused all the same is
 * renewed at once, and the request repeated, but for the pieces of an upload, whose bytes have gone.
 */
final class DriveLogin implements HttpRequestInitializer {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** The last piece of an upload is answered when the whole file was checked and stored. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(90);

    private final UserCredentials credentials;
    private final DriveErrors errors;

    DriveLogin(GoogleDriveLogin login, URI tokenServer, HttpTransport transport, DriveErrors errors) {
        this.credentials = UserCredentials.newBuilder()
                .setClientId(login.clientId())
                .setClientSecret(login.clientSecret().reveal())
                .setRefreshToken(login.refreshToken().reveal())
                .setTokenServerUri(tokenServer)
                .setHttpTransportFactory(() -> transport)
                .build();
        this.errors = errors;
    }

    @Override
    public void initialize(HttpRequest request) throws IOException {
        try {
            credentials.refreshIfExpired();
        } catch (IOException e) {
            throw errors.login(e);
        }
        authorize(request);
        request.setConnectTimeout(Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
        request.setReadTimeout(Math.toIntExact(READ_TIMEOUT.toMillis()));
        request.setFollowRedirects(false);
        request.setLoggingEnabled(false);
        request.setCurlLoggingEnabled(false);
        request.setNumberOfRetries(1); // for the refused token only: nothing else below asks for a repetition
        request.setUnsuccessfulResponseHandler(this::renewed);
    }

    private boolean renewed(HttpRequest request, HttpResponse response, boolean repeatable) throws IOException {
        if (response.getStatusCode() != HttpStatusCodes.STATUS_CODE_UNAUTHORIZED) {
            return false;
        }
        try {
            credentials.refresh();
        } catch (IOException e) {
            throw errors.login(e);
        }
        if (request.getRequestMethod().equals("PUT")) {
            throw new StorageException.Unavailable(
                    "Google Drive refused the access token in the middle of an upload; it was renewed, try again",
                    null);
        }
        authorize(request);
        return repeatable;
    }

    private void authorize(HttpRequest request) {
        AccessToken token = Objects.requireNonNull(credentials.getAccessToken(), "the login gave no access token");
        request.getHeaders().setAuthorization("Bearer " + token.getTokenValue());
    }
}
