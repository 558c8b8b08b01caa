package dev.holdfast.core.source.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathRulesTest {
    @ParameterizedTest
    @CsvSource({
        "*.log, a.log, true",
        "*.log, a/b/c.log, true",
        "*.log, a.logs, false",
        "*.log, .log, true",
        "/a, a, true",
        "/a, b/a, false",
        "a/b, a/b, true",
        "a/b, c/a/b, false",
        "**/b, b, true",
        "**/b, x/y/b, true",
        "**/b, xb, false",
        "a/**, a, false",
        "a/**, a/b/c, true",
        "a/**/c, a/c, true",
        "a/**/c, a/x/y/c, true",
        "a/**/c, a/xc, false",
        "a*b, axxb, true",
        "a*b, a/b, false",
        "a?b, axb, true",
        "a?b, a/b, false",
        "a?b, aéb, true",
        "a?b, a€b, true",
        "a?b, axxb, false",
        "[a-c]x, bx, true",
        "[a-c]x, dx, false",
        "[!a-c]x, dx, true",
        "[!a-c]x, éx, true",
        "[!a-c]x, ax, false",
        "\\*x, *x, true",
        "\\*x, ax, false",
        "a.b, axb, false",
        "é, é, true",
        "(a|b)+, (a|b)+, true",
        "A, a, false"
    })
    void patternsMatchAsGitignores(String pattern, String path, boolean matches) {
        PathRules rules = PathRules.of(List.of(), List.of(pattern));
        assertThat(rules.excludes(ByteNames.ofText(path), false)).isEqualTo(matches);
    }

    @Test
    void theLastRuleThatMatchesDecides() {
        PathRules rules = PathRules.of(List.of(), List.of("*.log", "!keep.log", "/old/keep.log"));
        assertThat(rules.excludes("a.log", false)).isTrue();
        assertThat(rules.excludes("x/keep.log", false)).isFalse();
        assertThat(rules.excludes("old/keep.log", false)).isTrue();
    }

    @Test
    void aSlashAtTheEndMeansFoldersOnly() {
        PathRules rules = PathRules.of(List.of(), List.of("cache/"));
        assertThat(rules.excludes("a/cache", true)).isTrue();
        assertThat(rules.excludes("a/cache", false)).isFalse();
    }

    @Test
    void aQuestionMarkTakesOneStrayByte() {
        PathRules rules = PathRules.of(List.of(), List.of("caf?"));
        assertThat(rules.excludes("caf\u00e9", false)).isTrue(); // the byte 0xe9 alone
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "!", "[", "[]", "a[b", "[é]", "[z-a]", "a\\"})
    void malformedPatternsAreRefused(String pattern) {
        assertThatThrownBy(() -> PathRules.of(List.of(), List.of(pattern)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
