package dev.holdfast.core.notify;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Tells each notifier what is new for it. A notifier that failed is left alone for a minute, then two, up to half an hour, and is then told
 * what it missed.
 */
public final class AlertRounds {
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(30);

    private final AlertBook book;
    private final Delivery delivery;
    private final String host;
    private final Map<String, Pause> pauses = new ConcurrentHashMap<>();

    /** @param host the name of this machine, for people */
    public AlertRounds(AlertBook book, Delivery delivery, String host) {
        this.book = book;
        this.delivery = delivery;
        this.host = host;
    }

    private record Pause(Duration length, Instant until) {}

    /**
     * What to keep, and what to log.
     *
     * @param states by {@link Notifier#id} and key of the problem; to be stored before the next round. After a crash in between some messages
     *     come twice
     * @param results one for each message that was tried
     */
    public record Round(Map<String, Map<String, AlertState>> states, List<DeliveryResult> results) {}

    /**
     * One round, all notifiers at once. Never throws for a notifier.
     *
     * @param before as the last round left it; notifiers that are no longer there are forgotten
     * @param findings all that is wrong now
     */
    public Round run(
            List<Notifier> notifiers,
            Map<String, Map<String, AlertState>> before,
            Collection<Finding> findings,
            Instant now) {
        Map<String, Map<String, AlertState>> states = new LinkedHashMap<>();
        Map<Notifier, Turn> turns = new LinkedHashMap<>();
        Map<Notifier, Future<DeliveryResult>> sent = new LinkedHashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Notifier each : notifiers) {
                Turn turn = book.advance(before.getOrDefault(each.id(), Map.of()), findings, now);
                turns.put(each, turn);
                if (!turn.alerts().isEmpty() && !isPaused(each, now)) {
                    Bulletin bulletin = new Bulletin(host, now, turn.alerts());
                    sent.put(each, threads.submit(() -> delivery.deliver(each, bulletin)));
                }
            }
        } // waits for all of them, each of which ends by the limit of its delivery
        List<DeliveryResult> results = new ArrayList<>();
        turns.forEach((notifier, turn) -> {
            Optional<DeliveryResult> result =
                    Optional.ofNullable(sent.get(notifier)).map(Future::resultNow);
            result.ifPresent(each -> {
                results.add(each);
                remember(notifier, each, now);
            });
            boolean delivered =
                    result.filter(DeliveryResult.Delivered.class::isInstance).isPresent();
            states.put(notifier.id(), delivered || turn.alerts().isEmpty() ? turn.states() : turn.undelivered());
        });
        return new Round(states, results);
    }

    private boolean isPaused(Notifier notifier, Instant now) {
        Pause pause = pauses.get(notifier.id());
        return pause != null && now.isBefore(pause.until());
    }

    private void remember(Notifier notifier, DeliveryResult result, Instant now) {
        switch (result) {
            case DeliveryResult.Delivered _ -> pauses.remove(notifier.id());
            case DeliveryResult.Failed _ ->
                pauses.compute(notifier.id(), (_, last) -> {
                    Duration length = last == null ? FIRST_PAUSE : last.length().multipliedBy(2);
                    length = length.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : length;
                    return new Pause(length, now.plus(length));
                });
        }
    }
}
