package dev.holdfast.core.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinesTest {
    @Test
    void nothingThatEndsOrReordersALineIsLeft() {
        assertThat(Lines.oneLine(" a\r\nBcc: x\u0085\u2028\u2029\u202e\u0000\ud800\t "))
                .isEqualTo("a  Bcc: x");
        assertThat(Lines.printable("a\r\nb\rc\u001b[31m")).isEqualTo("a\nb\nc [31m");
        assertThat(Lines.oneLine("Größe 🙂")).isEqualTo("Größe 🙂");
    }

    @Test
    void bytesAreCutBetweenCharacters() {
        assertThat(Lines.utf8("äö", 3)).isEqualTo("ä".getBytes(StandardCharsets.UTF_8));
        assertThat(Lines.utf8("äö", 4)).isEqualTo("äö".getBytes(StandardCharsets.UTF_8));
        assertThat(Lines.utf8("🙂", 3)).isEmpty();
    }

    @Test
    void cutsNeverSplitAnEscapeOrACharacter() {
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            String text = random.ints(random.nextInt(60), 0, 4)
                    .mapToObj(c -> List.of("a", "&", "🙂", "<").get(c))
                    .reduce("", String::concat);
            int limit = 5 + random.nextInt(60);
            String cut =
                    Lines.escaped(text, c -> c == '&' ? "&amp;" : c == '<' ? "&lt;" : Character.toString(c), limit);
            assertThat(cut.length()).as(text).isLessThanOrEqualTo(limit);
            assertThat(cut).matches("(a|&amp;|&lt;|🙂)*…?");
            assertThat(Lines.oneLine(cut)).as("no half pair").isEqualTo(cut);
        }
    }

    @Test
    void whatDoesNotFitIsCounted() {
        List<String> many = Collections.nCopies(100, "x".repeat(50));
        String text = Lines.fit(many, Character::toString, 500);
        assertThat(text.length()).isLessThanOrEqualTo(500);
        assertThat(text).endsWith("\n… and 92 more; see: holdfast status");
        String one = Lines.fit(List.of("y".repeat(5000)), Character::toString, 500);
        assertThat(one.length()).isBetween(400, 500);
        assertThat(one).endsWith("…");
    }
}
