package dev.holdfast.core.notify;

import dev.holdfast.core.model.Secret;
import dev.holdfast.core.notify.NotifierSpec.MailLogin;
import dev.holdfast.core.notify.NotifierSpec.MailSecurity;
import dev.holdfast.core.testing.TestCertificates;
import dev.holdfast.core.testing.TestContainer;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** A real Exim in a container, which takes mail for anybody from one user. */
final class MailServer implements AutoCloseable {
    static final String USER = "backup";
    static final String PASSWORD = "Pa55wordOfTheMail";

    private static final int SMTP = 2525;
    private static final int SMTPS = 2465;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestContainer container;

    private MailServer(TestContainer container) {
        this.container = container;
    }

    static MailServer start(TestCertificates certificates, TestCertificates.Flaw flaw) throws IOException {
        return started(recipe().mount(certificates.server(flaw), "/tls"));
    }

    /** One that knows no STARTTLS, and so offers no login either. */
    static MailServer startInTheClear() throws IOException {
        return started(recipe().environment("SMTP_TLS_HOSTS", ""));
    }

    private static TestContainer.Recipe recipe() {
        return TestContainer.image("holdfast-test/exim:1")
                .publish(SMTP)
                .publish(SMTPS)
                .environment("SMTP_PASSWORD", PASSWORD);
    }

    private static MailServer started(TestContainer.Recipe recipe) throws IOException {
        TestContainer container = recipe.start();
        try {
            container.awaitBanner(SMTP, "220");
            return new MailServer(container);
        } catch (IOException e) {
            container.close();
            throw e;
        }
    }

    NotifierSpec.Mail spec(MailSecurity security, String... to) {
        Optional<MailLogin> login = security == MailSecurity.NONE
                ? Optional.empty()
                : Optional.of(new MailLogin(USER, Secret.of(PASSWORD)));
        return spec(security, login, to);
    }

    NotifierSpec.Mail spec(MailSecurity security, Optional<MailLogin> login, String... to) {
        int port = container.port(security == MailSecurity.TLS ? SMTPS : SMTP);
        return new NotifierSpec.Mail(
                "127.0.0.1", port, security, login, "Holdfast Größe <holdfast@web1.example>", List.of(to));
    }

    /** Waits for so many messages to have arrived, and returns all, oldest first. */
    List<MimeMessage> await(int count) throws IOException, MessagingException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        List<String> names = names();
        while (names.size() < count && Instant.now().isBefore(end)) {
            Thread.sleep(100);
            names = names();
        }
        List<MimeMessage> messages = new ArrayList<>();
        for (String name : names) {
            byte[] text = container.exec("cat", "/mail/new/" + name).getBytes(StandardCharsets.UTF_8);
            messages.add(new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(text)));
        }
        return messages;
    }

    private List<String> names() throws IOException {
        return container
                .exec("ls", "-1tr", "/mail/new")
                .lines()
                .filter(each -> !each.isBlank())
                .toList();
    }

    void pause() throws IOException {
        container.pause();
    }

    void unpause() throws IOException {
        container.unpause();
    }

    String logs() throws IOException {
        return container.logs();
    }

    @Override
    public void close() throws IOException {
        container.close();
    }
}
