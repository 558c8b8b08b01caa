package dev.holdfast.core.notify;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Posts to addresses that are secrets. */
final class HttpPost implements AutoCloseable {
    private static final int MAXIMUM_REDIRECTS = 3;

    private final HttpClient client;
    private final Duration answer;

    HttpPost(NotifierOptions options) {
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(options.connect()).followRedirects(HttpClient.Redirect.NEVER);
        options.trust().ifPresent(builder::sslContext);
        this.client = builder.build();
        this.answer = options.answer();
    }

    /**
     * Sends once. Redirects are followed only with the same method (307, 308) and to the same host, port and scheme: elsewhere the token and
     * the text would reach somebody who was not chosen.
     *
     * @param what is posted to, for messages: {@code slack}
     */
    void post(HttpAddress.Target target, Map<String, String> headers, byte[] body, String what)
            throws NotifyException, InterruptedException {
        String name = what + " at " + target.uri().getHost();
        URI uri = target.uri();
        for (int redirects = 0; redirects <= MAXIMUM_REDIRECTS; redirects++) {
            HttpResponse<Void> response = send(request(uri, target.authorization(), headers, body), name);
            int status = response.statusCode();
            if (status >= 200 && status < 300) {
                return;
            }
            if (status != 307 && status != 308) {
                throw refusal(response, name);
            }
            uri = redirected(uri, response, name);
        }
        throw new NotifyException.Refused(name + " redirects in a circle");
    }

    private HttpRequest request(URI uri, Optional<String> authorization, Map<String, String> headers, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(answer)
                .header("User-Agent", "holdfast")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        authorization.ifPresent(each -> request.header("Authorization", each));
        return request.build();
    }

    private HttpResponse<Void> send(HttpRequest request, String name) throws NotifyException, InterruptedException {
        CompletableFuture<HttpResponse<Void>> answered =
                client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            // The request's own limit ends with the headers; a server could still drip its body for ever.
            return answered.get(answer.toMillis() + 1000, TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            answered.cancel(true);
            throw new NotifyException.Unavailable(
                    name + " did not finish its answer within " + answer.toSeconds() + " s");
        } catch (InterruptedException e) {
            answered.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            // Without its cause: what an exception of the client says is not ours, and could be the address.
            if (e.getCause() instanceof IOException failure) {
                throw ConnectionFailures.of(failure, name);
            }
            throw new NotifyException.Refused(name + " cannot be called: "
                    + Optional.ofNullable(e.getCause()).orElse(e).getClass().getSimpleName());
        }
    }

    private static URI redirected(URI from, HttpResponse<?> response, String name) throws NotifyException {
        URI to;
        try {
            to = from.resolve(response.headers().firstValue("Location").orElse(""));
        } catch (IllegalArgumentException _) {
            throw new NotifyException.Refused(name + " redirects to something that is no address");
        }
        if (!from.getScheme().equalsIgnoreCase(to.getScheme())
                || !from.getHost().equalsIgnoreCase(to.getHost())
                || from.getPort() != to.getPort()) {
            throw new NotifyException.Refused(name
                    + " redirects to another server, which is not followed; configure the address it redirects to");
        }
        return to;
    }

    private static NotifyException refusal(HttpResponse<?> response, String name) {
        int status = response.statusCode();
        String text = name + " answered with status " + status;
        if (status == 408 || status == 425 || status == 429 || status >= 500) {
            return new NotifyException.Unavailable(
                    text, response.headers().firstValue("Retry-After").flatMap(RetryAfter::parse));
        }
        return new NotifyException.Refused(text
                + switch (status) {
                    case 301, 302, 303 ->
                        ", a redirect that a message cannot follow; configure the address it redirects to";
                    case 401, 403, 404, 410 -> "; check its address, and whether it still exists";
                    case 413 -> "; the message is too long for it";
                    default -> "";
                });
    }

    /** Ends at once what is still under way. */
    @Override
    public void close() {
        client.shutdownNow();
    }
}
