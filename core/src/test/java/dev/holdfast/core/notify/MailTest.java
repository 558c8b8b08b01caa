package dev.holdfast.core.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.core.model.Secret;
import dev.holdfast.core.notify.NotifierSpec.MailLogin;
import dev.holdfast.core.notify.NotifierSpec.MailSecurity;
import dev.holdfast.core.testing.TestContainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailTest {
    private static final String PASSWORD = "Pa55wordOfTheMail";

    private static NotifierSpec.Mail spec(String host, int port, MailSecurity security) {
        Optional<MailLogin> login = security == MailSecurity.NONE
                ? Optional.empty()
                : Optional.of(new MailLogin("me", Secret.of(PASSWORD)));
        return new NotifierSpec.Mail(host, port, security, login, "a@example.org", List.of("b@example.org"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nobody",
                "a@b\r\nBcc: c@d",
                "a@b, c@d",
                "a b@c",
                "<a@b",
                "list: a@b;",
                "a@b\u0000",
                "@b",
                "a@b\u2028"
            })
    void addressesAreOneAddress(String text) {
        assertThatThrownBy(() -> new NotifierSpec.Mail(
                        "mail.example", 25, MailSecurity.NONE, Optional.empty(), "a@example.org", List.of(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mail address");
        assertThatThrownBy(() -> new NotifierSpec.Mail(
                        "mail.example", 25, MailSecurity.NONE, Optional.empty(), text, List.of("a@example.org")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noPasswordGoesInTheClear() {
        Optional<MailLogin> login = Optional.of(new MailLogin("me", Secret.of(PASSWORD)));
        assertThatThrownBy(() -> new NotifierSpec.Mail(
                        "mail.example", 25, MailSecurity.NONE, login, "a@b.example", List.of("a@b.example")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("only with starttls or tls");
        assertThat(spec("mail.example", 25, MailSecurity.TLS).toString()).doesNotContain(PASSWORD);
    }

    @Test
    void aServerThatIsNotThereMayComeBack() throws Exception {
        for (MailSecurity security : MailSecurity.values()) {
            Notifier dead =
                    new MailNotifier(spec("127.0.0.1", TestContainer.freePort(), security), NotifierOptions.DEFAULT);
            Delivery delivery =
                    new Delivery(new RetryPlan(2, Duration.ofMillis(10), Duration.ofSeconds(20)), new Random(1));
            assertThat(delivery.deliver(dead, Alerts.problem("x")))
                    .isEqualTo(new DeliveryResult.Failed(
                            "mail by 127.0.0.1", 2, "mail by 127.0.0.1 cannot be reached: nothing answers there"));
        }
        Notifier nowhere =
                new MailNotifier(spec("no-such-host.invalid", 25, MailSecurity.NONE), NotifierOptions.DEFAULT);
        assertThat(catchThrowable(() -> nowhere.send(Alerts.problem("x"))))
                .isInstanceOf(NotifyException.Unavailable.class)
                .hasMessage("mail by no-such-host.invalid cannot be found: its host has no address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "421 too busy\r\n", "554 go away\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n"})
    void whatIsNoMailServerIsToldApart(String greeting) throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread server = Thread.ofVirtual().start(() -> {
                try (Socket client = socket.accept()) {
                    client.getOutputStream().write(greeting.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            Notifier mail = new MailNotifier(
                    spec("127.0.0.1", socket.getLocalPort(), MailSecurity.STARTTLS), NotifierOptions.DEFAULT);
            assertThat(catchThrowable(() -> mail.send(Alerts.problem("x")))).isInstanceOf(NotifyException.class);
            server.join();
        }
    }

    @Test
    void theLimitOfADeliveryAlsoEndsAMail() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Notifier mail = new MailNotifier(
                    spec("127.0.0.1", silent.getLocalPort(), MailSecurity.STARTTLS), NotifierOptions.DEFAULT);
            Delivery hasty =
                    new Delivery(new RetryPlan(2, Duration.ofMillis(10), Duration.ofSeconds(1)), new Random(1));
            long before = System.nanoTime();
            assertThat(hasty.deliver(mail, Alerts.problem("x")))
                    .isEqualTo(new DeliveryResult.Failed("mail by 127.0.0.1", 1, "not taken within 1 s"));
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(15));
        }
    }
}
