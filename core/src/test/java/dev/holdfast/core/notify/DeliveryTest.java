package dev.holdfast.core.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeliveryTest {
    private static Delivery delivery(int attempts, Duration limit) {
        return new Delivery(new RetryPlan(attempts, Duration.ofMillis(10), limit), new Random(1));
    }

    @Test
    void nothingIsThrownWhateverHappens() {
        Delivery delivery = delivery(3, Duration.ofSeconds(10));
        DeliveryResult result = delivery.deliver("x", () -> {
            throw new IllegalStateException("holds https://a.example/token");
        });
        assertThat(result).isEqualTo(new DeliveryResult.Failed("x", 1, "unexpected java.lang.IllegalStateException"));
        assertThat(delivery.deliver("x", () -> {
                    throw new StackOverflowError();
                }))
                .isEqualTo(new DeliveryResult.Failed("x", 1, "unexpected java.lang.StackOverflowError"));
        assertThat(delivery.deliver("x", () -> {
                    throw new NotifyException.Refused("no");
                }))
                .isEqualTo(new DeliveryResult.Failed("x", 1, "no"));
    }

    @Test
    void waitsDouble() {
        RetryPlan plan = new RetryPlan(9, Duration.ofSeconds(2), Duration.ofSeconds(60));
        Random random = new Random(1);
        for (int i = 0; i < 100; i++) {
            assertThat(plan.waitAfter(1, random)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
            assertThat(plan.waitAfter(3, random)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(8));
            assertThat(plan.waitAfter(60, random)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
        }
    }

    @Test
    void theWholeHasALimit() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        long before = System.nanoTime();
        DeliveryResult result = delivery(3, Duration.ofSeconds(1)).deliver("x", () -> {
            try {
                Thread.sleep(60_000);
            } finally {
                stopped.countDown();
            }
        });
        assertThat(result).isEqualTo(new DeliveryResult.Failed("x", 1, "not taken within 1 s"));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(30));
        assertThat(stopped.await(30, TimeUnit.SECONDS))
                .as("the attempt does not go on in secret")
                .isTrue();
    }

    @Test
    void aWaitBeyondTheLimitIsNotBegun() {
        AtomicInteger calls = new AtomicInteger();
        DeliveryResult result = delivery(3, Duration.ofSeconds(30)).deliver("x", () -> {
            calls.incrementAndGet();
            throw new NotifyException.Unavailable("busy", Optional.of(Duration.ofMinutes(5)));
        });
        assertThat(result).isEqualTo(new DeliveryResult.Failed("x", 1, "busy"));
        assertThat(calls).hasValue(1);
    }

    @Test
    void aDaemonThatStopsDoesNotWaitForIt() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Thread caller = Thread.ofVirtual().start(() -> {
            DeliveryResult result = delivery(3, Duration.ofSeconds(60)).deliver("x", () -> {
                begun.countDown();
                Thread.sleep(60_000);
            });
            if (result instanceof DeliveryResult.Failed
                    && Thread.currentThread().isInterrupted()) {
                ended.countDown();
            }
        });
        begun.await();
        caller.interrupt();
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    }
}
