package dev.holdfast.core.notify;

import dev.holdfast.core.model.Secret;
import java.util.List;
import java.util.Optional;

/** Where alerts go. */
public sealed interface NotifierSpec {
    /**
     * A POST to an address.
     *
     * @param url http or https; a user and password in it are sent as a basic login. For ntfy it is that of the topic
     */
    record Webhook(WebhookFlavour flavour, Secret url) implements NotifierSpec {
        public Webhook {
            HttpAddress address = HttpAddress.of(url);
            if (flavour == WebhookFlavour.NTFY) {
                address.topic();
            }
        }
    }

    /** How an SMTP connection is protected. */
    enum MailSecurity {
        /** Not at all: only for a server that asks for no login. */
        NONE,
        /** It begins in the clear and must change to TLS before anything is said. */
        STARTTLS,
        /** From the first byte. */
        TLS
    }

    /**
     * A mail.
     *
     * @param port 1 to 65535
     * @param login empty for a server that asks for none
     * @param from one address, with or without a name
     * @param to at least one
     */
    record Mail(String host, int port, MailSecurity security, Optional<MailLogin> login, String from, List<String> to)
            implements NotifierSpec {
        public Mail {
            to = List.copyOf(to);
            if (host.isBlank() || port < 1 || port > 65535) {
                throw new IllegalArgumentException("a mail server needs a host, and a port from 1 to 65535");
            }
            if (security == MailSecurity.NONE && login.isPresent()) {
                throw new IllegalArgumentException("a password is sent to a mail server only with starttls or tls");
            }
            if (to.isEmpty()) {
                throw new IllegalArgumentException("a mail needs somebody to go to");
            }
            MailAddresses.one(from);
            to.forEach(MailAddresses::one);
        }
    }

    /** Who sends mail. */
    record MailLogin(String user, Secret password) {
        public MailLogin {
            if (user.isBlank()) {
                throw new IllegalArgumentException("a mail login needs a user");
            }
        }
    }
}
