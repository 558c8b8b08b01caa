package dev.holdfast.core.storage.dropbox;

import java.util.Map;

/** An answer of the stand-in that is no success. */
final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Map<String, String> headers;
    private final String body;

    Refused(int status, Map<String, String> headers, String body) {
        super(status + " " + body);
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** The request is malformed; Dropbox says why in plain text. */
    static Refused badRequest(String why) {
        return new Refused(400, Map.of("Content-Type", "text/plain"), "Error in call to API function: " + why);
    }

    /** An error of the route itself: {@code a/b/c} becomes nested unions, each with its tag. */
    static Refused route(String tags) {
        return new Refused(409, json(), "{\"error_summary\":\"" + tags + "/..\",\"error\":" + union(tags) + "}");
    }

    /** The same for an error that is written out. */
    static Refused route(String tags, String error) {
        return new Refused(409, json(), "{\"error_summary\":\"" + tags + "/..\",\"error\":" + error + "}");
    }

    /** A token that is not good enough. */
    static Refused token(String tag) {
        return new Refused(401, json(), "{\"error_summary\":\"" + tag + "/..\",\"error\":{\".tag\":\"" + tag + "\"}}");
    }

    /** The rate limit, with the header that always comes with it. */
    static Refused tooMany(String reason, int seconds) {
        return new Refused(
                429,
                Map.of("Content-Type", "application/json", "Retry-After", Integer.toString(seconds)),
                "{\"error_summary\":\"" + reason + "/..\",\"error\":{\"reason\":{\".tag\":\"" + reason
                        + "\"},\"retry_after\":" + seconds + "}}");
    }

    static String union(String tags) {
        int slash = tags.indexOf('/');
        if (slash < 0) {
            return "{\".tag\":\"" + tags + "\"}";
        }
        String tag = tags.substring(0, slash);
        return "{\".tag\":\"" + tag + "\",\"" + tag + "\":" + union(tags.substring(slash + 1)) + "}";
    }

    private static Map<String, String> json() {
        return Map.of("Content-Type", "application/json");
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    String body() {
        return body;
    }
}
