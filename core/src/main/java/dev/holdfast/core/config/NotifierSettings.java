package dev.holdfast.core.config;

import java.util.List;
import java.util.Optional;

/** Where alerts go. Secret parts are references: {@code env:NAME} or {@code file:/path}. */
public sealed interface NotifierSettings {
    /** How a webhook's body is written. */
    enum Flavour {
        GENERIC,
        SLACK,
        DISCORD,
        NTFY
    }

    /**
     * A POST to an address.
     *
     * @param url a reference: it often holds a token
     */
    record Webhook(Flavour flavour, String url) implements NotifierSettings {}

    /** How an SMTP connection is protected. */
    enum MailSecurity {
        NONE,
        STARTTLS,
        TLS
    }

    /**
     * A mail.
     *
     * @param password a reference
     */
    record Mail(
            String host,
            int port,
            MailSecurity security,
            Optional<String> user,
            Optional<String> password,
            String from,
            List<String> to)
            implements NotifierSettings {
        public Mail {
            to = List.copyOf(to);
        }
    }

    /**
     * A check that is pinged at the start, the success and the failure of each run of a service, in the way of healthchecks.io: {@code URL/start},
     * {@code URL}, {@code URL/fail}.
     *
     * @param service empty for all
     * @param url a reference
     */
    record Ping(Optional<String> service, String url) implements NotifierSettings {}
}
