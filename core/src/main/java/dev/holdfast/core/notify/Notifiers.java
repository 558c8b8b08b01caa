package dev.holdfast.core.notify;

/** Makes what specs describe. One for a daemon's life: its connections are shared. */
public final class Notifiers implements AutoCloseable {
    private final NotifierOptions options;
    private final HttpPost http;

    public Notifiers(NotifierOptions options) {
        this.options = options;
        this.http = new HttpPost(options);
    }

    public Notifier open(NotifierSpec spec) {
        return switch (spec) {
            case NotifierSpec.Webhook webhook -> new WebhookNotifier(webhook, http);
            case NotifierSpec.Mail mail -> new MailNotifier(mail, options);
        };
    }

    public RunPing open(PingSpec spec) {
        return new RunPing(spec, http);
    }

    @Override
    public void close() {
        http.close();
    }
}
