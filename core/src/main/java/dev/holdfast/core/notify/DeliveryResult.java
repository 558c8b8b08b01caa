package dev.holdfast.core.notify;

/** What became of a message. For the log of the caller; holds no secret. */
public sealed interface DeliveryResult {
    /** Name of the receiver. */
    String receiver();

    /** It was taken. */
    record Delivered(String receiver, int attempts) implements DeliveryResult {}

    /** It was not. */
    record Failed(String receiver, int attempts, String reason) implements DeliveryResult {}
}
