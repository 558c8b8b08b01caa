package dev.holdfast.core.notify;

import java.util.Locale;
import java.util.Map;

/** Posts JSON. */
final class WebhookNotifier implements Notifier {
    private final WebhookFlavour flavour;
    private final HttpAddress address;
    private final String id;
    private final HttpPost http;

    WebhookNotifier(NotifierSpec.Webhook spec, HttpPost http) {
        this.flavour = spec.flavour();
        this.address = HttpAddress.of(spec.url());
        this.id = Fingerprint.of(flavour.name(), spec.url().reveal());
        this.http = http;
    }

    @Override
    public String name() {
        return word() + " at " + address.host();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public void send(Bulletin bulletin) throws NotifyException, InterruptedException {
        HttpAddress.Target target = flavour == WebhookFlavour.NTFY ? address.parent() : address.target();
        byte[] body = switch (flavour) {
            case GENERIC -> WebhookBodies.generic(bulletin);
            case SLACK -> WebhookBodies.slack(bulletin);
            case DISCORD -> WebhookBodies.discord(bulletin);
            case NTFY -> WebhookBodies.ntfy(bulletin, address.topic());
        };
        http.post(target, Map.of("Content-Type", "application/json; charset=utf-8"), body, word());
    }

    private String word() {
        return flavour == WebhookFlavour.GENERIC ? "webhook" : flavour.name().toLowerCase(Locale.ROOT);
    }
}
