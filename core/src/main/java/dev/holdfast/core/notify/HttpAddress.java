package dev.holdfast.core.notify;

import dev.holdfast.core.model.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An address that is a secret, because its path or query is a token. Only its host is ever named. */
final class HttpAddress {
    private final URI uri;
    private final Optional<String> userInfo;

    private HttpAddress(URI uri, Optional<String> userInfo) {
        this.uri = uri;
        this.userInfo = userInfo;
    }

    /** @throws IllegalArgumentException when it is no http or https address; the text does not repeat it */
    static HttpAddress of(Secret url) {
        URI uri = parse(url.reveal().strip());
        String scheme = uri.getScheme();
        boolean http = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
        if (!http || uri.getHost() == null || uri.getPort() > 65535) {
            throw invalid();
        }
        String userInfo = uri.getUserInfo();
        return new HttpAddress(rebuilt(uri, uri.getRawPath(), uri.getRawQuery()), Optional.ofNullable(userInfo));
    }

    /** Without the user, which is sent as a header, and without a fragment. */
    private static URI rebuilt(URI uri, @Nullable String rawPath, @Nullable String rawQuery) {
        StringBuilder text = new StringBuilder(uri.getScheme()).append("://").append(uri.getHost());
        if (uri.getPort() >= 0) {
            text.append(':').append(uri.getPort());
        }
        text.append(rawPath == null || rawPath.isEmpty() ? "/" : rawPath);
        if (rawQuery != null && !rawQuery.isEmpty()) {
            text.append('?').append(rawQuery);
        }
        return parse(text.toString());
    }

    private static URI parse(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException _) {
            throw invalid(); // without its cause, which repeats the address
        }
    }

    private static IllegalArgumentException invalid() {
        return new IllegalArgumentException("the address of a webhook or ping must be like https://host/path");
    }

    String host() {
        return uri.getHost();
    }

    Target target() {
        return new Target(uri, authorization());
    }

    /** With something added to the path and the query. */
    Target below(String suffix, String query) {
        String path = uri.getRawPath().replaceFirst("/+$", "");
        String before = uri.getRawQuery();
        return new Target(rebuilt(uri, path + suffix, before == null ? query : before + "&" + query), authorization());
    }

    /** The last part of the path. */
    String topic() {
        String path = uri.getPath().replaceFirst("/+$", "");
        String topic = path.substring(path.lastIndexOf('/') + 1);
        if (!topic.matches("[-_A-Za-z0-9]{1,64}")) {
            throw new IllegalArgumentException(
                    "the address for ntfy must end with a topic of 1 to 64 of A-Z a-z 0-9 - _");
        }
        return topic;
    }

    /** Without the last part of the path. */
    Target parent() {
        String path = uri.getRawPath().replaceFirst("/+$", "");
        return new Target(
                rebuilt(uri, path.substring(0, path.lastIndexOf('/') + 1), uri.getRawQuery()), authorization());
    }

    private Optional<String> authorization() {
        return userInfo.map(
                each -> "Basic " + Base64.getEncoder().encodeToString(each.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public String toString() {
        return "address at " + host();
    }

    /**
     * Where a request goes.
     *
     * @param authorization of the header of this name
     */
    record Target(URI uri, Optional<String> authorization) {
        @Override
        public String toString() {
            return "address at " + uri.getHost();
        }
    }
}
