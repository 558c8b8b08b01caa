package dev.holdfast.core.notify;

import dev.holdfast.core.model.RunId;
import java.util.Map;

/**
 * Tells a check how runs go: {@code URL/start}, {@code URL} and {@code URL/fail}, with the run's id as {@code rid} so that runs that overlap
 * are told apart (https://healthchecks.io/docs/http_api/).
 */
public final class RunPing {
    /** What a check keeps of a body, in bytes: the default of healthchecks' own servers. */
    static final int BODY_BYTES = 10_000;

    private final HttpAddress address;
    private final HttpPost http;

    RunPing(PingSpec spec, HttpPost http) {
        this.address = HttpAddress.of(spec.url());
        this.http = http;
    }

    /** For people: {@code ping at hc-ping.com}. Holds no secret. */
    public String name() {
        return "ping at " + address.host();
    }

    /** The run has begun. Sends once, without repetition: see {@link Delivery}; likewise the others. */
    public void start(RunId run) throws NotifyException, InterruptedException {
        send("/start", run, "");
    }

    /**
     * The run has succeeded.
     *
     * @param text what was done, for people, without secrets
     */
    public void success(RunId run, String text) throws NotifyException, InterruptedException {
        send("", run, text);
    }

    /**
     * The run has failed.
     *
     * @param error why, for people, without secrets; cut at 10 kB
     */
    public void fail(RunId run, String error) throws NotifyException, InterruptedException {
        send("/fail", run, error);
    }

    private void send(String event, RunId run, String text) throws NotifyException, InterruptedException {
        byte[] body = Lines.utf8(Lines.printable(text), BODY_BYTES);
        http.post(
                address.below(event, "rid=" + uuid(run)),
                Map.of("Content-Type", "text/plain; charset=utf-8"),
                body,
                "ping");
    }

    private static String uuid(RunId run) {
        return run.hex().replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
    }
}
