package dev.holdfast.core.storage.dropbox;

import com.dropbox.core.DbxException;
import com.dropbox.core.DbxRequestConfig;
import com.dropbox.core.InvalidAccessTokenException;
import com.dropbox.core.oauth.DbxCredential;
import com.dropbox.core.v2.DbxClientV2;
import com.dropbox.core.v2.auth.AuthError;
import com.dropbox.core.v2.files.DbxUserFilesRequests;
import dev.holdfast.core.model.Secret;
import dev.holdfast.core.storage.StorageSpec;
import java.io.IOException;
import java.util.Optional;

/**
 * Calls with an access token that is valid. Tokens are renewed five minutes before they end, by one thread while the others
 * wait, and when Dropbox refuses one all the same: the SDK would renew in every thread, not for uploads, and go on with the
 * old token when the renewal is refused.
 */
final class DropboxAccess {
    private final DbxRequestConfig config;
    private final DbxCredential credential;
    private Optional<Login> login = Optional.empty();
    private int renewals;

    DropboxAccess(StorageSpec.Dropbox spec, DropboxHttp http) {
        this.config = DbxRequestConfig.newBuilder("holdfast")
                .withHttpRequestor(http)
                .withAutoRetryDisabled() // repeating is Storage's
                .build();
        String token = spec.refreshToken().reveal();
        this.credential = spec.appSecret()
                .map(Secret::reveal)
                .map(secret -> new DbxCredential("", 0L, token, spec.appKey(), secret))
                .orElseGet(() -> new DbxCredential("", 0L, token, spec.appKey()));
    }

    /** What a renewal brought. */
    private record Login(int number, DbxClientV2 client) {}

    /** One request. */
    @FunctionalInterface
    interface Call<T> {
        T run(DbxUserFilesRequests files) throws DbxException, IOException;
    }

    /** Makes a request, and once more with a new access token when the one it had is refused. */
    <T> T call(Call<T> call) throws DbxException, IOException {
        Login used = login();
        try {
            return call.run(used.client().files());
        } catch (InvalidAccessTokenException e) {
            AuthError reason = e.getAuthError();
            if (!reason.isExpiredAccessToken() && !reason.isInvalidAccessToken()) {
                throw e;
            }
            forget(used);
            return call.run(login().client().files());
        }
    }

    private synchronized Login login() throws DbxException {
        if (login.isEmpty() || credential.aboutToExpire()) {
            login = Optional.empty();
            credential.refresh(config);
            renewals++;
            login = Optional.of(new Login(renewals, new DbxClientV2(config, credential.getAccessToken())));
        }
        return login.get();
    }

    /** Another thread may have renewed meanwhile; its token stays. */
    private synchronized void forget(Login used) {
        login = login.filter(current -> current.number() != used.number());
    }
}
