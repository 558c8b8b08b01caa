package dev.holdfast.core.retention;

/**
 * A length of calendar time, for example {@code 1y6m14d12h}.
 *
 * @param years 0 or more, as all others; at least one is more than 0
 */
public record Within(int years, int months, int days, int hours) {
    public Within {
        if (years < 0 || months < 0 || days < 0 || hours < 0 || (years | months | days | hours) == 0) {
            throw new IllegalArgumentException("must be like 30d, 6m, 1y or 1y6m14d12h");
        }
    }
}
