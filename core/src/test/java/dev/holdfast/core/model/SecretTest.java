package dev.holdfast.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SecretTest {
    private record Holder(String user, Secret password) {}

    @Test
    void printsNothingAlsoInsideARecord() {
        assertThat(new Holder("ann", Secret.of("swordfish")).toString())
                .contains("ann", "***")
                .doesNotContain("swordfish");
    }

    @Test
    void keepsItsOwnCopyOfTheCharacters() {
        char[] characters = "swordfish".toCharArray();
        Secret secret = Secret.of(characters);
        java.util.Arrays.fill(characters, 'x');
        assertThat(secret.reveal()).isEqualTo("swordfish");
    }

    @Test
    void equalsByContentAndHashesAllAlike() {
        assertThat(Secret.of("a"))
                .isEqualTo(Secret.of("a"))
                .isNotEqualTo(Secret.of("b"))
                .isNotEqualTo(Secret.of("aa"));
        assertThat(Secret.of("a").hashCode()).isEqualTo(Secret.of("b").hashCode());
    }

    @Test
    void refusesAnEmptyOne() {
        assertThatThrownBy(() -> Secret.of("")).isInstanceOf(IllegalArgumentException.class);
    }
}
