package dev.holdfast.core.storage.dropbox;

import com.dropbox.core.http.HttpRequestor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.http.HttpEntity;
import org.apache.http.HttpHeaders;
import org.apache.http.NoHttpResponseException;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.entity.InputStreamEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;

/**
 * How the SDK's requests travel: Apache's client instead of the JDK's, which loses the reason of a refused upload, sends
 * uploads without their length, and repeats requests by itself. Answers that are no download are read whole before the
 * SDK sees them, since it does not give their connections back.
 */
final class DropboxHttp extends HttpRequestor implements AutoCloseable {
    private static final int CONNECT_MILLIS = 10_000;
    /** The end of a large upload session is answered late; the SDK's own client allows as much. */
    private static final int SOCKET_MILLIS = 120_000;
    /** Shorter than servers keep idle connections, so that we close first. */
    private static final long IDLE_MILLIS = 10_000;

    private static final int CONNECTIONS = 64;
    /** More than a page of a listing can have: 2,000 entries of a few kilobytes. */
    private static final int MAX_ANSWER_BYTES = 32 << 20;

    private final UnaryOperator<URI> route;
    private final CloseableHttpClient client;

    DropboxHttp() {
        this(UnaryOperator.identity());
    }

    /** @param route where a request for an address of Dropbox is sent; the Host header stays Dropbox's */
    DropboxHttp(UnaryOperator<URI> route) {
        this.route = route;
        PoolingHttpClientConnectionManager pool = new PoolingHttpClientConnectionManager();
        pool.setMaxTotal(2 * CONNECTIONS);
        pool.setDefaultMaxPerRoute(CONNECTIONS);
        pool.setValidateAfterInactivity(1); // an upload is never sent twice, so its connection must be alive
        RequestConfig config = RequestConfig.custom()
                .setConnectTimeout(CONNECT_MILLIS)
                .setConnectionRequestTimeout(SOCKET_MILLIS)
                .setSocketTimeout(SOCKET_MILLIS)
                .setRedirectsEnabled(false)
                .build();
        this.client = HttpClients.custom()
                .setConnectionManager(pool)
                .setDefaultRequestConfig(config)
                .setKeepAliveStrategy((response, context) -> IDLE_MILLIS)
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .build();
    }

    @Override
    public Response doGet(String url, Iterable<Header> headers) {
        throw new UnsupportedOperationException("no call of ours is a GET");
    }

    @Override
    public Uploader startPut(String url, Iterable<Header> headers) {
        throw new UnsupportedOperationException("no call of ours is a PUT");
    }

    @Override
    public Uploader startPost(String url, Iterable<Header> headers) {
        return new Sending(request(url, headers), true);
    }

    @Override
    public Uploader startPostInStreamingMode(String url, Iterable<Header> headers) {
        return new Sending(request(url, headers), false);
    }

    private HttpPost request(String url, Iterable<Header> headers) {
        URI address = URI.create(url);
        HttpPost request = new HttpPost(route.apply(address));
        request.setHeader(HttpHeaders.HOST, address.getHost());
        for (Header header : headers) {
            if (!header.getKey().equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)) { // the client counts itself
                request.addHeader(header.getKey(), header.getValue());
            }
        }
        return request;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    /** One request. Its body is pulled when it is sent, never pushed. */
    private final class Sending extends Uploader {
        private final HttpPost request;
        private final boolean mayRepeat;

        Sending(HttpPost request, boolean mayRepeat) {
            this.request = request;
            this.mayRepeat = mayRepeat;
        }

        @Override
        public void upload(byte[] body) {
            request.setEntity(new ByteArrayEntity(body));
        }

        @Override
        public void upload(InputStream in) {
            if (!(in instanceof ByteArrayInputStream memory)) {
                throw new IllegalArgumentException("only bytes in memory have a length that is known");
            }
            request.setEntity(new InputStreamEntity(in, memory.available()));
        }

        @Override
        public OutputStream getBody() {
            throw new UnsupportedOperationException("a body is given to upload");
        }

        @Override
        public Response finish() throws IOException {
            try {
                return answer(client.execute(request));
            } catch (NoHttpResponseException | SocketException e) {
                boolean neverArrived = e instanceof ConnectException || e instanceof NoRouteToHostException;
                if (!mayRepeat || neverArrived) {
                    throw e;
                }
                return answer(client.execute(request)); // the server had closed the connection while it was idle
            }
        }

        @Override
        public void abort() {
            request.abort();
        }

        @Override
        public void close() {
            // the answer, not the request, holds the connection
        }
    }

    private static Response answer(CloseableHttpResponse response) throws IOException {
        boolean handedOver = false;
        try {
            int status = response.getStatusLine().getStatusCode();
            Map<String, List<String>> headers = headers(response);
            DropboxErrors.requireAvailable(status, headers, () -> text(response));
            HttpEntity entity = response.getEntity();
            if (status < 300 && headers.containsKey("Dropbox-API-Result") && entity != null) {
                Download body = new Download(response, entity);
                handedOver = true;
                return new Response(status, body, headers);
            }
            return new Response(status, new ByteArrayInputStream(bytes(response)), headers);
        } finally {
            if (!handedOver) {
                response.close();
            }
        }
    }

    private static Map<String, List<String>> headers(CloseableHttpResponse response) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (org.apache.http.Header header : response.getAllHeaders()) {
            headers.computeIfAbsent(header.getName(), name -> new ArrayList<>()).add(header.getValue());
        }
        return headers;
    }

    private static String text(CloseableHttpResponse response) throws IOException {
        return new String(bytes(response), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static byte[] bytes(CloseableHttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            return new byte[0];
        }
        try (InputStream in = entity.getContent()) {
            byte[] all = in.readNBytes(MAX_ANSWER_BYTES);
            if (all.length == MAX_ANSWER_BYTES) {
                throw new IOException("answer of more than " + MAX_ANSWER_BYTES + " bytes");
            }
            return all;
        }
    }

    /** The bytes of a file. Closed early it gives up the connection when much is still to come. */
    static final class Download extends InputStream {
        private static final long WORTH_READING_BYTES = 256 * 1024;

        private final CloseableHttpResponse response;
        private final InputStream in;
        private final long announced;
        private long read;

        private Download(CloseableHttpResponse response, HttpEntity entity) throws IOException {
            this.response = response;
            this.in = entity.getContent();
            this.announced = entity.getContentLength();
        }

        /** Whether only the range that was asked for is sent. */
        boolean isPartial() {
            return response.getStatusLine().getStatusCode() == 206;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = in.read(buffer, offset, length);
            read += Math.max(0, count);
            return count;
        }

        @Override
        public void close() throws IOException {
            try (response) {
                if (announced >= 0 && announced - read <= WORTH_READING_BYTES) {
                    in.close(); // reads the rest, so that the connection can be used again
                }
            }
        }
    }
}
