package dev.holdfast.core.schedule;

import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.field.expression.And;
import com.cronutils.model.field.expression.Between;
import com.cronutils.model.field.expression.Every;
import com.cronutils.model.field.expression.FieldExpression;
import com.cronutils.model.field.expression.On;
import com.cronutils.model.field.value.FieldValue;
import com.cronutils.model.field.value.SpecialChar;
import java.util.BitSet;

/** One of the five fields of a cron expression: its name for people, its range, and which numbers a parsed field means. */
enum CronField {
    MINUTE(0, "minute", CronFieldName.MINUTE, 0, 59),
    HOUR(1, "hour", CronFieldName.HOUR, 0, 23),
    DAY_OF_MONTH(2, "day of month", CronFieldName.DAY_OF_MONTH, 1, 31),
    MONTH(3, "month", CronFieldName.MONTH, 1, 12),
    /** 0 and 7 are both Sunday. */
    DAY_OF_WEEK(4, "day of week", CronFieldName.DAY_OF_WEEK, 0, 7);

    private final int position;
    private final String label;
    private final CronFieldName name;
    private final int first;
    private final int last;

    CronField(int position, String label, CronFieldName name, int first, int last) {
        this.position = position;
        this.label = label;
        this.name = name;
        this.first = first;
        this.last = last;
    }

    /** Where it stands in the expression, from 0. */
    int position() {
        return position;
    }

    CronFieldName fieldName() {
        return name;
    }

    IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("the " + label + " \"" + text + "\" is not a number from " + first + " to "
                + last + ", a range (a-b), a step (*/n), a list of such (a,b) or *");
    }

    /**
     * The numbers that a field means.
     *
     * @param text the field as it was written, for messages
     * @throws IllegalArgumentException when it means none, or something that five fields do not have
     */
    BitSet numbers(FieldExpression parsed, String text) {
        BitSet numbers = new BitSet(last + 1);
        add(parsed, text, numbers);
        if (numbers.isEmpty()) {
            throw wrong(text);
        }
        return numbers;
    }

    private void add(FieldExpression parsed, String text, BitSet numbers) {
        switch (parsed) {
            case Always always -> numbers.set(first, lastOfStar() + 1);
            case And list -> list.getExpressions().forEach(each -> add(each, text, numbers));
            case Between range -> step(number(range.getFrom(), text), end(range, text), 1, text, numbers);
            case On on -> {
                requirePlain(on, text);
                numbers.set(number(on.getTime(), text));
            }
            case Every every -> addSteps(every, text, numbers);
            default -> throw wrong(text);
        }
    }

    private void addSteps(Every every, String text, BitSet numbers) {
        int period = every.getPeriod().getValue();
        if (period < 1 || period > last) {
            throw new IllegalArgumentException(
                    "the " + label + " \"" + text + "\" has a step that is not 1 to " + last);
        }
        switch (every.getExpression()) {
            case Always always -> step(first, lastOfStar(), period, text, numbers);
            case Between range -> step(number(range.getFrom(), text), end(range, text), period, text, numbers);
            case On on -> {
                requirePlain(on, text);
                step(number(on.getTime(), text), lastOfStar(), period, text, numbers);
            }
            default -> throw wrong(text);
        }
    }

    /** A star means each day of the week once: 0 to 6. */
    private int lastOfStar() {
        return this == DAY_OF_WEEK ? 6 : last;
    }

    private void step(int from, int to, int period, String text, BitSet numbers) {
        if (from > to) {
            throw new IllegalArgumentException("the " + label + " \"" + text
                    + "\" has a range that runs backwards: write it as two, with a comma between");
        }
        for (int number = from; number <= to; number += period) {
            numbers.set(number);
        }
    }

    /** {@code FRI-SUN} ends on the Sunday after Friday. */
    private int end(Between range, String text) {
        int end = number(range.getTo(), text);
        return this == DAY_OF_WEEK && end == 0 && number(range.getFrom(), text) > 0 ? 7 : end;
    }

    private int number(FieldValue<?> value, String text) {
        if (value.getValue() instanceof Integer number && number >= first && number <= last) {
            return number;
        }
        throw wrong(text);
    }

    private void requirePlain(On on, String text) {
        if (on.getSpecialChar().getValue() != SpecialChar.NONE) {
            throw wrong(text);
        }
    }
}
