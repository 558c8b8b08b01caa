package dev.holdfast.shim.daemon;

import dev.holdfast.core.config.NotifierSettings;
import dev.holdfast.core.model.Secret;
import dev.holdfast.core.notify.NotifierSpec;
import dev.holdfast.core.notify.PingSpec;
import dev.holdfast.core.notify.WebhookFlavour;
import java.io.IOException;
import java.util.Optional;

/** Makes notifiers' specs of their settings, with secrets read at each use. */
public final class NotifierSecrets {
    private final Revealing revealing;

    public NotifierSecrets(Revealing revealing) {
        this.revealing = revealing;
    }

    /** Reads a secret: {@code env:NAME} or {@code file:/path}. */
    @FunctionalInterface
    public interface Revealing {
        Secret of(String reference) throws IOException;
    }

    /** Empty for a ping, which is told of runs and not of problems. */
    Optional<NotifierSpec> alerts(NotifierSettings settings) throws IOException {
        return switch (settings) {
            case NotifierSettings.Webhook hook ->
                Optional.of(new NotifierSpec.Webhook(flavour(hook.flavour()), revealing.of(hook.url())));
            case NotifierSettings.Mail mail -> Optional.of(mail(mail));
            case NotifierSettings.Ping _ -> Optional.empty();
        };
    }

    PingSpec spec(NotifierSettings.Ping settings) throws IOException {
        return new PingSpec(revealing.of(settings.url()));
    }

    private static WebhookFlavour flavour(NotifierSettings.Flavour flavour) {
        return switch (flavour) {
            case GENERIC -> WebhookFlavour.GENERIC;
            case SLACK -> WebhookFlavour.SLACK;
            case DISCORD -> WebhookFlavour.DISCORD;
            case NTFY -> WebhookFlavour.NTFY;
        };
    }

    private NotifierSpec.Mail mail(NotifierSettings.Mail mail) throws IOException {
        Optional<NotifierSpec.MailLogin> login = Optional.empty();
        if (mail.user().isPresent()) {
            login = Optional.of(new NotifierSpec.MailLogin(
                    mail.user().get(), revealing.of(mail.password().orElse(""))));
        }
        NotifierSpec.MailSecurity security = switch (mail.security()) {
            case NONE -> NotifierSpec.MailSecurity.NONE;
            case STARTTLS -> NotifierSpec.MailSecurity.STARTTLS;
            case TLS -> NotifierSpec.MailSecurity.TLS;
        };
        return new NotifierSpec.Mail(mail.host(), mail.port(), security, login, mail.from(), mail.to());
    }
}
