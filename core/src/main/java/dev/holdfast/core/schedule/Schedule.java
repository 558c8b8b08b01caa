package dev.holdfast.core.schedule;

import java.time.Duration;
import java.time.ZoneId;

/**
 * When something runs.
 *
 * @param expression a cron expression of five fields, or {@code @hourly}, {@code @daily}, {@code @weekly}, {@code @monthly}, {@code @yearly}
 * @param zone whose clock the expression means
 * @param window runs that fall together are spread over so long after the due time; zero for none
 */
public record Schedule(String expression, ZoneId zone, Duration window) {
    public Schedule {
        if (window.isNegative()) {
            throw new IllegalArgumentException("a window cannot be negative");
        }
    }
}
