package dev.holdfast.core.storage;

import dev.holdfast.core.model.Secret;
import java.util.regex.Pattern;

/**
 * What a person's consent gave: enough to get access tokens for as long as the consent is not withdrawn. The consent must
 * be for {@link #SCOPE}.
 *
 * @param clientId of the OAuth client ("Desktop app") in the person's own Google Cloud project; not secret
 */
public record GoogleDriveLogin(String clientId, Secret clientSecret, Secret refreshToken) {
    /** The least that works: only the files that this OAuth client made can be seen and changed. */
    public static final String SCOPE = "https://www.googleapis.com/auth/drive.file";

    private static final Pattern CLIENT_ID = Pattern.compile("[\\x21-\\x7e]{1,256}");

    public GoogleDriveLogin {
        if (!CLIENT_ID.matcher(clientId).matches()) {
            throw new IllegalArgumentException("Google client id is empty or has characters that no client id has");
        }
    }
}
