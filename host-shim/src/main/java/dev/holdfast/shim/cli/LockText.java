package dev.holdfast.shim.cli;

import dev.holdfast.core.pipeline.LockTerm;
import dev.holdfast.core.storage.ObjectLock;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** For how long objects of a copy are locked, as people write it: {@code 30d}, {@code 8w}, {@code 7y}. */
final class LockText {
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,4})([dwy])");

    private LockText() {}

    static LockTerm parse(String text, ObjectLock.Mode mode) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("a lock lasts days, weeks or years, such as 30d, 8w or 7y, not " + text);
        }
        int days = Integer.parseInt(form.group(1))
                * switch (form.group(2)) {
                    case "w" -> 7;
                    case "y" -> 365;
                    default -> 1;
                };
        return new LockTerm(mode, Duration.ofDays(days));
    }
}
