package dev.holdfast.core.notify;

/** How a webhook's body is written. */
public enum WebhookFlavour {
    GENERIC,
    SLACK,
    DISCORD,
    NTFY
}
