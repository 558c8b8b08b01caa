package dev.holdfast.core.notify;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.util.Date;
import java.util.UUID;

/** A mail that tells alerts. What comes from elsewhere is cleaned of line ends before it becomes a header. */
final class MailMessage extends MimeMessage {
    private static final int SUBJECT = 200;
    private static final int BODY = 100_000;

    private final String domain;

    MailMessage(Session session, NotifierSpec.Mail spec, Bulletin bulletin) throws MessagingException {
        super(session);
        InternetAddress from = MailAddresses.one(spec.from());
        this.domain = from.getAddress().substring(from.getAddress().lastIndexOf('@') + 1);
        setFrom(from);
        for (String each : spec.to()) {
            addRecipient(Message.RecipientType.TO, MailAddresses.one(each));
        }
        setSubject(Lines.escaped(Lines.oneLine(bulletin.title()), Character::toString, SUBJECT), "UTF-8");
        setSentDate(Date.from(bulletin.at()));
        // So that no absence note answers (RFC 3834, 5).
        setHeader("Auto-Submitted", "auto-generated");
        setText(
                Lines.fit(bulletin.paragraphs(), Character::toString, BODY) + "\n\n-- \nHoldfast on "
                        + Lines.oneLine(bulletin.host()) + "\n",
                "UTF-8");
    }

    /** The library's own names the user and the host that runs this. */
    @Override
    protected void updateMessageID() throws MessagingException {
        setHeader("Message-ID", "<" + UUID.randomUUID() + "@" + domain + ">");
    }
}
