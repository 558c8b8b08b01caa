package dev.holdfast.core.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.model.Secret;
import dev.holdfast.core.testing.TestCertificates;
import dev.holdfast.core.testing.TestContainer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookTest {
    private static final String TOKEN = "T0kenOfTheHook";
    private static final NotifierOptions FAST =
            new NotifierOptions(Duration.ofSeconds(2), Duration.ofSeconds(2), Optional.empty());
    private static final Delivery DELIVERY =
            new Delivery(new RetryPlan(4, Duration.ofMillis(20), Duration.ofSeconds(20)), new Random(1));

    private final Notifiers notifiers = new Notifiers(FAST);

    @AfterEach
    void close() {
        notifiers.close();
    }

    private static String url(Receiver receiver) {
        return "http://127.0.0.1:" + receiver.port() + "/services/" + TOKEN;
    }

    private Notifier hook(WebhookFlavour flavour, String url) {
        return notifiers.open(new NotifierSpec.Webhook(flavour, Secret.of(url)));
    }

    private Notifier hook(Receiver receiver) {
        return hook(WebhookFlavour.GENERIC, url(receiver));
    }

    private static DeliveryResult deliver(Notifier notifier) {
        return DELIVERY.deliver(notifier, Alerts.problem("31 h old"));
    }

    @ParameterizedTest
    @EnumSource
    void eachFlavourPostsJson(WebhookFlavour flavour) throws Exception {
        try (Receiver receiver =
                Receiver.plain().then(Receiver.Answer.status(flavour == WebhookFlavour.DISCORD ? 204 : 200))) {
            Notifier notifier = hook(flavour, url(receiver));
            assertThat(deliver(notifier)).isEqualTo(new DeliveryResult.Delivered(notifier.name(), 1));
            assertThat(receiver.requests()).singleElement().satisfies(request -> {
                assertThat(request.method()).isEqualTo("POST");
                assertThat(request.header("Content-type")).isEqualTo("application/json; charset=utf-8");
                assertThat(request.target())
                        .isEqualTo(flavour == WebhookFlavour.NTFY ? "/services/" : "/services/" + TOKEN);
                JsonNode body = new ObjectMapper().readTree(request.body());
                String text = switch (flavour) {
                    case GENERIC -> body.get("alerts").get(0).get("text").asText();
                    case SLACK -> body.get("text").asText();
                    case DISCORD -> body.get("content").asText();
                    case NTFY ->
                        body.get("topic").asText() + " " + body.get("message").asText();
                };
                assertThat(text).endsWith("31 h old");
                assertThat(text).contains(flavour == WebhookFlavour.NTFY ? TOKEN : "31");
            });
        }
    }

    @Test
    void aUserInTheAddressIsSentAsALogin() throws Exception {
        try (Receiver receiver = Receiver.plain()) {
            Notifier notifier =
                    hook(WebhookFlavour.NTFY, "http://me:pass%20word@127.0.0.1:" + receiver.port() + "/topic?a=b");
            assertThat(deliver(notifier)).isInstanceOf(DeliveryResult.Delivered.class);
            assertThat(receiver.requests()).singleElement().satisfies(request -> {
                assertThat(request.header("Authorization")).isEqualTo("Basic bWU6cGFzcyB3b3Jk");
                assertThat(request.target()).isEqualTo("/?a=b");
            });
        }
    }

    @Test
    void aServerThatFailsIsTriedAgain() throws Exception {
        try (Receiver receiver = Receiver.plain()
                .then(Receiver.Answer.status(500))
                .then(Receiver.Answer.status(503))
                .then(Receiver.Answer.status(200))) {
            assertThat(deliver(hook(receiver))).isEqualTo(new DeliveryResult.Delivered("webhook at 127.0.0.1", 3));
            assertThat(receiver.requests()).hasSize(3);
        }
    }

    @Test
    void afterTheLastAttemptItIsGivenUp() throws Exception {
        try (Receiver receiver = Receiver.plain()) {
            for (int i = 0; i < 10; i++) {
                receiver.then(Receiver.Answer.status(500));
            }
            assertThat(deliver(hook(receiver)))
                    .isEqualTo(new DeliveryResult.Failed(
                            "webhook at 127.0.0.1", 4, "webhook at 127.0.0.1 answered with status 500"));
            assertThat(receiver.requests()).hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 410, 413, 301, 302})
    void aRefusalIsNotRepeated(int status) throws Exception {
        try (Receiver receiver = Receiver.plain().then(Receiver.Answer.status(status, "Location", "/elsewhere"))) {
            assertThat(deliver(hook(receiver))).isInstanceOfSatisfying(DeliveryResult.Failed.class, failed -> {
                assertThat(failed.attempts()).isEqualTo(1);
                assertThat(failed.reason()).contains("status " + status);
            });
            assertThat(receiver.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "0.8"})
    void whoAsksForAWaitGetsIt(String seconds) throws Exception {
        try (Receiver receiver = Receiver.plain().then(Receiver.Answer.status(429, "Retry-After", seconds))) {
            long before = System.nanoTime();
            assertThat(deliver(hook(receiver))).isEqualTo(new DeliveryResult.Delivered("webhook at 127.0.0.1", 2));
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(800));
        }
    }

    @Test
    void whoAsksForTooLongAWaitIsLeftForLater() throws Exception {
        String hour = DateTimeFormatter.RFC_1123_DATE_TIME
                .withLocale(Locale.ROOT)
                .format(Instant.now().plusSeconds(3600).atOffset(ZoneOffset.UTC));
        for (String value : List.of("3600", hour)) {
            try (Receiver receiver = Receiver.plain().then(Receiver.Answer.status(429, "Retry-After", value))) {
                long before = System.nanoTime();
                assertThat(deliver(hook(receiver)))
                        .isInstanceOfSatisfying(
                                DeliveryResult.Failed.class,
                                failed -> assertThat(failed.attempts()).isEqualTo(1));
                assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
            }
        }
        assertThat(RetryAfter.parse("soon")).isEmpty();
    }

    @Test
    void aSlowServerIsGivenUpInTime() throws Exception {
        Delivery impatient =
                new Delivery(new RetryPlan(4, Duration.ofMillis(20), Duration.ofSeconds(3)), new Random(1));
        try (Receiver silent = Receiver.plain();
                Receiver dripping = Receiver.plain()) {
            silent.then(_ -> Thread.sleep(60_000)).then(_ -> Thread.sleep(60_000));
            dripping.then(WebhookTest::drip).then(WebhookTest::drip);
            for (Receiver receiver : List.of(silent, dripping)) {
                long before = System.nanoTime();
                DeliveryResult result = impatient.deliver(hook(receiver), Alerts.problem("x"));
                assertThat(result).isInstanceOf(DeliveryResult.Failed.class);
                assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(8));
            }
        }
    }

    private static void drip(HttpExchange exchange) throws IOException, InterruptedException {
        exchange.sendResponseHeaders(200, 0);
        for (int i = 0; i < 600; i++) {
            exchange.getResponseBody().write('.');
            exchange.getResponseBody().flush();
            Thread.sleep(100);
        }
    }

    @Test
    void redirectsAreFollowedOnlyOnTheSameServer() throws Exception {
        try (Receiver here = Receiver.plain();
                Receiver there = Receiver.plain()) {
            here.then(Receiver.Answer.status(307, "Location", "/moved?x=1"));
            assertThat(deliver(hook(here))).isInstanceOf(DeliveryResult.Delivered.class);
            assertThat(here.requests())
                    .extracting(Receiver.Request::target)
                    .containsExactly("/services/" + TOKEN, "/moved?x=1");
            assertThat(here.requests().getLast().body()).contains("31 h old");
            here.then(Receiver.Answer.status(308, "Location", "http://127.0.0.1:" + there.port() + "/" + TOKEN));
            assertThat(deliver(hook(here))).isInstanceOfSatisfying(DeliveryResult.Failed.class, failed -> {
                assertThat(failed.reason())
                        .contains("redirects to another server")
                        .doesNotContain(TOKEN);
                assertThat(failed.attempts()).isEqualTo(1);
            });
            assertThat(there.requests()).isEmpty();
            for (int i = 0; i < 5; i++) {
                here.then(Receiver.Answer.status(307, "Location", "/again"));
            }
            assertThat(deliver(hook(here)))
                    .isInstanceOfSatisfying(
                            DeliveryResult.Failed.class,
                            failed -> assertThat(failed.reason()).contains("in a circle"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void certificatesAreChecked(TestCertificates.Flaw flaw, @TempDir Path folder) throws Exception {
        TestCertificates certificates = TestCertificates.in(folder);
        NotifierOptions options =
                new NotifierOptions(FAST.connect(), FAST.answer(), Optional.of(certificates.clientContext()));
        try (Receiver receiver = Receiver.tls(certificates.serverContext(flaw));
                Notifiers trusting = new Notifiers(options)) {
            Notifier notifier = trusting.open(new NotifierSpec.Webhook(
                    WebhookFlavour.SLACK, Secret.of("https://127.0.0.1:" + receiver.port() + "/" + TOKEN)));
            DeliveryResult result = deliver(notifier);
            if (flaw == TestCertificates.Flaw.NONE) {
                assertThat(result).isInstanceOf(DeliveryResult.Delivered.class);
            } else {
                assertThat(result)
                        .isEqualTo(
                                new DeliveryResult.Failed(
                                        "slack at 127.0.0.1",
                                        1,
                                        "slack at 127.0.0.1 has a TLS certificate that is not trusted, or is for another name"));
                assertThat(receiver.requests()).isEmpty();
            }
        }
    }

    @Test
    void noTokenIsEverTold() throws Exception {
        int dead = TestContainer.freePort();
        List<String> urls = List.of(
                "http://127.0.0.1:" + dead + "/" + TOKEN,
                "http://u:" + TOKEN + "@127.0.0.1:" + dead + "/x?t=" + TOKEN,
                "http://no-such-host.invalid/" + TOKEN,
                "https://no-such-host.invalid/" + TOKEN);
        for (String url : urls) {
            Notifier notifier = hook(WebhookFlavour.GENERIC, url);
            assertSilent(notifier, catchThrowable(() -> notifier.send(Alerts.problem("x"))));
            assertThat(deliver(notifier).toString()).doesNotContain(TOKEN);
        }
        try (Receiver failing = Receiver.plain()) {
            byte[] echo = url(failing).getBytes(StandardCharsets.UTF_8);
            for (int status : List.of(400, 404, 500)) {
                failing.then(exchange -> {
                    exchange.sendResponseHeaders(status, echo.length);
                    exchange.getResponseBody().write(echo);
                });
                Notifier notifier = hook(failing);
                assertSilent(notifier, catchThrowable(() -> notifier.send(Alerts.problem("x"))));
            }
            failing.then(exchange -> exchange.close());
            Notifier notifier = hook(failing);
            assertSilent(notifier, catchThrowable(() -> notifier.send(Alerts.problem("x"))));
        }
        NotifierSpec spec = new NotifierSpec.Webhook(WebhookFlavour.SLACK, Secret.of("https://a.example/" + TOKEN));
        assertThat(spec.toString()).doesNotContain(TOKEN);
        assertThat(HttpAddress.of(Secret.of("https://a.example/" + TOKEN))
                        .target()
                        .toString())
                .doesNotContain(TOKEN);
    }

    private static void assertSilent(Notifier notifier, Throwable failure) {
        assertThat(failure).isInstanceOf(NotifyException.class);
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain(TOKEN);
        assertThat(notifier.name() + notifier.id() + notifier).doesNotContain(TOKEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {TOKEN, "ftp://a.example/" + TOKEN, "https:///" + TOKEN, "https://a b/" + TOKEN, "https:" + TOKEN
            })
    void aWrongAddressIsNotRepeated(String url) {
        assertThatThrownBy(() -> new NotifierSpec.Webhook(WebhookFlavour.SLACK, Secret.of(url)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the address of a webhook or ping must be like https://host/path")
                .hasNoCause();
        assertThatThrownBy(() -> new PingSpec(Secret.of(url))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ntfyNeedsATopic() {
        for (String path : List.of("", "/", "/a.b", "/" + "x".repeat(65))) {
            assertThatThrownBy(() ->
                            new NotifierSpec.Webhook(WebhookFlavour.NTFY, Secret.of("https://ntfy.example" + path)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("topic");
        }
    }

    @Test
    void idsAreStableAndDiffer() {
        String one = hook(WebhookFlavour.SLACK, "https://a.example/1").id();
        assertThat(hook(WebhookFlavour.SLACK, "https://a.example/1").id()).isEqualTo(one);
        assertThat(hook(WebhookFlavour.SLACK, "https://a.example/2").id()).isNotEqualTo(one);
        assertThat(hook(WebhookFlavour.GENERIC, "https://a.example/1").id()).isNotEqualTo(one);
    }

    @Test
    void pingsTellStartSuccessAndFailure() throws Exception {
        RunId run = new RunId("0123456789abcdef0123456789abcdef");
        try (Receiver receiver = Receiver.plain()) {
            RunPing ping =
                    notifiers.open(new PingSpec(Secret.of("http://127.0.0.1:" + receiver.port() + "/" + TOKEN + "/")));
            DELIVERY.deliver(ping.name(), () -> ping.start(run));
            DELIVERY.deliver(ping.name(), () -> ping.success(run, "1.2 GB"));
            DELIVERY.deliver(ping.name(), () -> ping.fail(run, "pg_dump: ü" + "é".repeat(20_000)));
            String rid = "?rid=01234567-89ab-cdef-0123-456789abcdef";
            assertThat(receiver.requests())
                    .extracting(each -> each.method() + " " + each.target())
                    .containsExactly(
                            "POST /" + TOKEN + "/start" + rid,
                            "POST /" + TOKEN + rid,
                            "POST /" + TOKEN + "/fail" + rid);
            assertThat(receiver.requests().get(1).body()).isEqualTo("1.2 GB");
            byte[] error = receiver.requests().get(2).body().getBytes(StandardCharsets.UTF_8);
            assertThat(error.length).isBetween(RunPing.BODY_BYTES - 1, RunPing.BODY_BYTES);
            assertThat(receiver.requests().get(2).body())
                    .startsWith("pg_dump: üé")
                    .endsWith("é");
        }
        RunPing dead =
                notifiers.open(new PingSpec(Secret.of("http://127.0.0.1:" + TestContainer.freePort() + "/" + TOKEN)));
        assertThat(DELIVERY.deliver(dead.name(), () -> dead.start(run)))
                .isInstanceOfSatisfying(DeliveryResult.Failed.class, failed -> {
                    assertThat(failed.attempts()).isEqualTo(4);
                    assertThat(failed.toString()).doesNotContain(TOKEN);
                });
    }
}
