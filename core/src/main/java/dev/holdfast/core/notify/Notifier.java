package dev.holdfast.core.notify;

/** Takes messages to people. Any thread may send. */
public interface Notifier {
    /** For people: {@code slack at hooks.slack.com}. Holds no secret. */
    String name();

    /** The same for the same settings after a restart, and for no others: under it the states of alerts are stored. Holds no secret. */
    String id();

    /**
     * Sends once, without repetition: see {@link Delivery}.
     *
     * @throws NotifyException when it was not taken
     * @throws InterruptedException when the thread was told to stop
     */
    void send(Bulletin bulletin) throws NotifyException, InterruptedException;
}
