package dev.holdfast.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.config.ConfigurationProblem.Severity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is done to a right file, the answer is a configuration or errors, never an exception. */
class ConfigurationFuzzTest {
    private static final long SEED = 20_261_129;
    private static final int ROUNDS = 6000;
    private static final List<String> PIECES = List.of(
            "\t",
            ": ",
            "- ",
            "{",
            "}",
            "[",
            "]",
            "&a ",
            "*a",
            "*usual",
            "!!str ",
            "|\n",
            ">",
            "'",
            "\"",
            "#",
            "\n",
            "\u0000",
            "\ufeff",
            "%YAML 1.2\n",
            "---\n",
            "...\n",
            "<<: ",
            "? ",
            "null",
            "true",
            "-1",
            "1e99",
            "0x1f",
            "99999999999999999999",
            "env:",
            "file:/",
            "\ud83d\ude00",
            "\\u0000",
            "é",
            "*/61 * * * *",
            "\r",
            "x-",
            "~",
            "@daily",
            "1y",
            "0s");

    @Test
    void mutatedFilesNeverThrow() {
        Random random = new Random(SEED);
        int right = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = mutated(Examples.text(Examples.NAMES.get(round % Examples.NAMES.size())), random);
            ParsedConfiguration parsed;
            try {
                parsed = Examples.FILE.parse(bytes);
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError(
                        "seed " + SEED + " round " + round + ":\n" + new String(bytes, StandardCharsets.UTF_8), e);
            }
            assertThat(parsed.problems()).allSatisfy(problem -> {
                assertThat(problem.line()).isPositive();
                assertThat(problem.column()).isPositive();
                assertThat(problem.message()).isNotBlank();
            });
            boolean wrong = parsed.problems().stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
            assertThat(parsed.configuration().isEmpty()).as("round %d", round).isEqualTo(wrong);
            if (parsed.configuration().isPresent()) {
                right++;
                Configuration read = parsed.configuration().get();
                String text = ConfigurationText.of(read);
                assertThat(Examples.right(text)).as("round %d", round).isEqualTo(read);
            }
        }
        assertThat(right)
                .as("files that stayed right, so that both ways are tried")
                .isBetween(ROUNDS / 100, ROUNDS / 2);
    }

    private static byte[] mutated(String text, Random random) {
        StringBuilder changed = new StringBuilder(text);
        int changes = 1 + random.nextInt(4);
        for (int change = 0; change < changes; change++) {
            int at = random.nextInt(changed.length());
            int until = Math.min(changed.length(), at + 1 + random.nextInt(12));
            switch (random.nextInt(6)) {
                case 0 -> changed.delete(at, until);
                case 1 -> changed.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 2 -> changed.insert(at, changed.substring(at, until));
                case 3 -> changed.setCharAt(at, (char) (32 + random.nextInt(96)));
                case 4 -> swapLines(changed, random);
                default -> changed.replace(at, until, PIECES.get(random.nextInt(PIECES.size())));
            }
        }
        byte[] bytes = changed.toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(20) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static void swapLines(StringBuilder text, Random random) {
        List<String> lines = new ArrayList<>(text.toString().lines().toList());
        if (lines.size() > 1) {
            lines.add(random.nextInt(lines.size()), lines.remove(random.nextInt(lines.size())));
            text.setLength(0);
            text.append(String.join("\n", lines)).append('\n');
        }
    }
}
