package dev.holdfast.core.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.core.model.Secret;
import dev.holdfast.core.model.Severity;
import dev.holdfast.core.notify.NotifierSpec.MailLogin;
import dev.holdfast.core.notify.NotifierSpec.MailSecurity;
import dev.holdfast.core.testing.TestCertificates;
import dev.holdfast.core.testing.TestCertificates.Flaw;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailIT {
    @TempDir
    private static Path folder;

    private static TestCertificates certificates;
    private static MailServer server;
    private static NotifierOptions options;

    @BeforeAll
    static void start() throws IOException {
        certificates = TestCertificates.in(folder);
        options = new NotifierOptions(
                Duration.ofSeconds(20), Duration.ofSeconds(20), Optional.of(certificates.clientContext()));
        server = MailServer.start(certificates, Flaw.NONE);
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private static Notifier mail(NotifierSpec.Mail spec) {
        return new MailNotifier(spec, options);
    }

    @ParameterizedTest
    @EnumSource(
            value = MailSecurity.class,
            names = {"STARTTLS", "TLS"})
    void aMailArrives(MailSecurity security) throws Exception {
        int before = server.await(0).size();
        Bulletin bulletin = Alerts.bulletin(Alerts.alert(
                Alert.Kind.PROBLEM, Severity.CRITICAL, "Größe: 31 h alt 🙂\n.\n.leading dot\n\n" + "x".repeat(3000)));
        mail(server.spec(security, "ops@example.org", "Zweite Person <second@example.org>"))
                .send(bulletin);
        List<MimeMessage> both = server.await(before + 2).subList(before, before + 2);
        assertThat(both)
                .extracting(each -> each.getHeader("Envelope-to", ","))
                .containsExactlyInAnyOrder("ops@example.org", "second@example.org");
        MimeMessage message = both.getLast();
        assertThat(message.getSubject()).isEqualTo("Holdfast on web1: [CRITICAL] shop-db: backup too old");
        assertThat(message.getFrom()[0].toString()).contains("holdfast@web1.example");
        assertThat(message.getAllRecipients()).hasSize(2);
        assertThat(message.getHeader("Auto-Submitted", ",")).isEqualTo("auto-generated");
        assertThat(message.getHeader("Message-ID", ",")).matches("<[-0-9a-f]{36}@web1\\.example>");
        assertThat(message.getHeader("Received", ",")).contains("esmtpsa").contains("TLS1.3");
        assertThat(message.getSentDate().toInstant()).isEqualTo(Alerts.NOW);
        String text = message.getContent().toString().replace("\r\n", "\n");
        assertThat(text)
                .startsWith("[CRITICAL] shop-db: backup too old\nGröße: 31 h alt 🙂\n.\n.leading dot\n\nxxx")
                .endsWith("-- \nHoldfast on web1\n");
    }

    @Test
    void noHeaderCanBeSmuggledIn() throws Exception {
        int before = server.await(0).size();
        String nasty = "Ü title\r\nBcc: victim@example.org\r\n\r\nbody\u2028\u0000";
        Alert alert = new Alert(
                "k\r\nX-A: b", Alert.Kind.PROBLEM, Severity.WARNING, "s\r\n", nasty, nasty, Alerts.NOW, Alerts.NOW);
        mail(server.spec(MailSecurity.STARTTLS, "ops@example.org"))
                .send(new Bulletin("host\r\nX-Host: evil", Alerts.NOW, List.of(alert)));
        MimeMessage message = server.await(before + 1).getLast();
        assertThat(message.getHeader("Bcc")).isNull();
        assertThat(message.getHeader("X-Host")).isNull();
        assertThat(message.getHeader("Envelope-to", ",")).isEqualTo("ops@example.org");
        assertThat(message.getSubject())
                .contains("Ü title  Bcc: victim@example.org    body")
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void aFlawedCertificateIsRefusedBeforeThePasswordIsSent(Flaw flaw) throws Exception {
        try (MailServer flawed = MailServer.start(certificates, flaw)) {
            for (MailSecurity security : List.of(MailSecurity.STARTTLS, MailSecurity.TLS)) {
                Notifier mail = mail(flawed.spec(security, "ops@example.org"));
                assertThat(failure(mail))
                        .isInstanceOf(NotifyException.Refused.class)
                        .hasMessage(
                                "mail by 127.0.0.1 has a TLS certificate that is not trusted, or is for another name");
            }
            assertThat(flawed.await(0)).isEmpty();
            assertThat(flawed.logs()).doesNotContain("authenticator");
        }
    }

    @Test
    void withoutStarttlsNothingIsSaid() throws Exception {
        try (MailServer clear = MailServer.startInTheClear()) {
            assertThat(failure(mail(clear.spec(MailSecurity.STARTTLS, "ops@example.org"))))
                    .isInstanceOf(NotifyException.Refused.class)
                    .hasMessageContaining("does it offer STARTTLS");
            assertThat(failure(mail(clear.spec(MailSecurity.NONE, "ops@example.org"))))
                    .as("this server takes nothing without a login")
                    .isInstanceOf(NotifyException.Refused.class)
                    .hasMessageContaining("code 550");
            assertThat(clear.await(0)).isEmpty();
        }
    }

    @Test
    void aWrongPasswordIsNotRepeated() throws Exception {
        String wrong = "Wr0ngPassword";
        Optional<MailLogin> login = Optional.of(new MailLogin(MailServer.USER, Secret.of(wrong)));
        NotifierSpec.Mail spec = server.spec(MailSecurity.STARTTLS, login, "ops@example.org");
        Throwable failure = failure(mail(spec));
        assertThat(failure).isInstanceOf(NotifyException.Refused.class).hasMessageContaining("refused the login");
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        String encoded = Base64.getEncoder()
                .encodeToString(("\0" + MailServer.USER + "\0" + wrong).getBytes(StandardCharsets.UTF_8));
        assertThat(trace.toString()).doesNotContain(wrong).doesNotContain(encoded);
        assertThat(spec.toString()).doesNotContain(wrong);
    }

    @ParameterizedTest
    @ValueSource(strings = {"refuse", "defer"})
    void aRefusalIsFinalAndADeferralIsNot(String who) throws Exception {
        int before = server.await(0).size();
        Throwable failure = failure(mail(server.spec(MailSecurity.STARTTLS, "ops@example.org", who + "@example.org")));
        if (who.equals("refuse")) {
            assertThat(failure).isInstanceOf(NotifyException.Refused.class).hasMessageContaining("code 550");
        } else {
            assertThat(failure).isInstanceOf(NotifyException.Unavailable.class).hasMessageContaining("code 451");
        }
        assertThat(server.await(0)).as("all or nobody").hasSize(before);
    }

    @Test
    void aServerThatHangsIsGivenUpInTime() throws Exception {
        NotifierOptions hasty = new NotifierOptions(
                Duration.ofSeconds(1), Duration.ofSeconds(1), Optional.of(certificates.clientContext()));
        Notifier mail = new MailNotifier(server.spec(MailSecurity.STARTTLS, "ops@example.org"), hasty);
        server.pause();
        try {
            assertThat(failure(mail))
                    .isInstanceOf(NotifyException.Unavailable.class)
                    .hasMessage("mail by 127.0.0.1 did not answer in time");
        } finally {
            server.unpause();
        }
    }

    private static Throwable failure(Notifier mail) {
        return catchThrowable(() -> mail.send(Alerts.problem("x")));
    }
}
