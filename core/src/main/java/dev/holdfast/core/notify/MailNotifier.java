package dev.holdfast.core.notify;

import dev.holdfast.core.notify.NotifierSpec.MailSecurity;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.util.Properties;

/** Sends mail over SMTP, each on a connection of its own. */
final class MailNotifier implements Notifier {
    private final NotifierSpec.Mail spec;
    private final Session session;

    MailNotifier(NotifierSpec.Mail spec, NotifierOptions options) {
        this.spec = spec;
        this.session = Session.getInstance(properties(spec, options));
    }

    /** https://eclipse-ee4j.github.io/angus-mail/docs/api/org.eclipse.angus.mail/org/eclipse/angus/mail/smtp/package-summary.html */
    private static Properties properties(NotifierSpec.Mail spec, NotifierOptions options) {
        Properties all = new Properties();
        all.setProperty(
                "mail.smtp.connectiontimeout", Long.toString(options.connect().toMillis()));
        all.setProperty("mail.smtp.timeout", Long.toString(options.answer().toMillis()));
        all.setProperty("mail.smtp.writetimeout", Long.toString(options.answer().toMillis()));
        all.setProperty("mail.smtp.auth", Boolean.toString(spec.login().isPresent()));
        all.setProperty("mail.smtp.auth.mechanisms", "PLAIN LOGIN");
        all.setProperty("mail.smtp.ssl.enable", Boolean.toString(spec.security() == MailSecurity.TLS));
        all.setProperty("mail.smtp.starttls.enable", Boolean.toString(spec.security() == MailSecurity.STARTTLS));
        all.setProperty("mail.smtp.starttls.required", Boolean.toString(spec.security() == MailSecurity.STARTTLS));
        all.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        all.setProperty("mail.smtp.ssl.protocols", "TLSv1.3 TLSv1.2");
        all.setProperty("mail.smtp.quitwait", "false");
        options.trust().ifPresent(trust -> all.put("mail.smtp.ssl.socketFactory", trust.getSocketFactory()));
        return all;
    }

    @Override
    public String name() {
        return "mail by " + spec.host();
    }

    @Override
    public String id() {
        return Fingerprint.of("MAIL", spec.host() + "\0" + spec.port() + "\0" + String.join("\0", spec.to()));
    }

    @Override
    public void send(Bulletin bulletin) throws NotifyException, InterruptedException {
        try (Transport transport = session.getTransport("smtp")) {
            Message message = new MailMessage(session, spec, bulletin);
            if (spec.login().isPresent()) {
                NotifierSpec.MailLogin login = spec.login().get();
                transport.connect(
                        spec.host(), spec.port(), login.user(), login.password().reveal());
            } else {
                transport.connect(spec.host(), spec.port(), null, null);
            }
            transport.sendMessage(message, message.getAllRecipients());
        } catch (MessagingException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("stopped while sending a mail");
            }
            throw MailFailures.of(e, spec);
        }
    }
}
