package dev.holdfast.core.notify;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** Sends with repetition. Never throws: a receiver that is dead must not make a backup fail. Takes at most {@link RetryPlan#limit}. */
public final class Delivery {
    private final RetryPlan plan;
    private final RandomGenerator random;

    public Delivery(RetryPlan plan, RandomGenerator random) {
        this.plan = plan;
        this.random = random;
    }

    /** One try to send. */
    @FunctionalInterface
    public interface Attempt {
        void run() throws NotifyException, InterruptedException;
    }

    public DeliveryResult deliver(Notifier notifier, Bulletin bulletin) {
        return deliver(notifier.name(), () -> notifier.send(bulletin));
    }

    /**
     * Anything that can be tried again, for example a ping.
     *
     * @param receiver its name, without secrets
     */
    public DeliveryResult deliver(String receiver, Attempt attempt) {
        AtomicInteger attempts = new AtomicInteger();
        long end = System.nanoTime() + plan.limit().toNanos();
        Callable<DeliveryResult> work = () -> repeat(receiver, attempt, attempts, end);
        FutureTask<DeliveryResult> task = new FutureTask<>(work);
        Thread thread = Thread.ofVirtual().name("deliver to " + receiver).start(task);
        try {
            return task.get(plan.limit().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            thread.interrupt();
            return failed(receiver, attempts, "not taken within " + plan.limit().toSeconds() + " s");
        } catch (InterruptedException _) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            return failed(receiver, attempts, "stopped while sending");
        } catch (ExecutionException e) {
            // A mistake of ours or of a library: it must not end a backup, and its text may hold anything.
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return failed(receiver, attempts, "unexpected " + cause.getClass().getName());
        }
    }

    private DeliveryResult repeat(String receiver, Attempt attempt, AtomicInteger attempts, long end)
            throws InterruptedException {
        while (true) {
            int number = attempts.incrementAndGet();
            try {
                attempt.run();
                return new DeliveryResult.Delivered(receiver, number);
            } catch (NotifyException e) {
                Optional<Duration> wait = waitAfter(e, number);
                if (wait.isEmpty() || wait.get().toNanos() >= end - System.nanoTime()) {
                    return failed(receiver, attempts, reason(e));
                }
                Thread.sleep(wait.get());
            }
        }
    }

    private Optional<Duration> waitAfter(NotifyException failure, int failed) {
        return switch (failure) {
            case NotifyException.Unavailable _ when failed >= plan.attempts() -> Optional.empty();
            case NotifyException.Unavailable unavailable -> {
                Duration own = plan.waitAfter(failed, random);
                Duration asked = unavailable.retryAfter().orElse(Duration.ZERO);
                yield Optional.of(asked.compareTo(own) > 0 ? asked : own);
            }
            case NotifyException.Refused _ -> Optional.empty();
        };
    }

    private static DeliveryResult failed(String receiver, AtomicInteger attempts, String reason) {
        return new DeliveryResult.Failed(receiver, attempts.get(), reason);
    }

    private static String reason(NotifyException failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
