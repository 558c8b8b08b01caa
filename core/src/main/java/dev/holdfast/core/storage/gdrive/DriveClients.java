package dev.holdfast.core.storage.gdrive;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.apache.v2.ApacheHttpTransport;
import java.time.Duration;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;

/** Makes the HTTP client: no retries and no redirects of its own; an idle connection is looked at before it is used. */
final class DriveClients {
    private static final int CONNECTIONS = 64;

    /** Shorter than Google's servers keep idle connections, so that we close first. */
    private static final Duration IDLE = Duration.ofSeconds(60);

    private DriveClients() {}

    static HttpTransport transport() {
        PoolingHttpClientConnectionManager pool = new PoolingHttpClientConnectionManager();
        pool.setMaxTotal(CONNECTIONS);
        pool.setDefaultMaxPerRoute(CONNECTIONS);
        pool.setValidateAfterInactivity(1); // milliseconds: always
        return new ApacheHttpTransport(HttpClients.custom()
                .setConnectionManager(pool)
                .setKeepAliveStrategy((response, context) -> IDLE.toMillis())
                .useSystemProperties()
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .build());
    }
}
