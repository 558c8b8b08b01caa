package dev.holdfast.core.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LateBouncyCastleTest {
    @Test
    void itHasWhatOnlyBouncyCastleHas() {
        LateBouncyCastle provider = new LateBouncyCastle();
        assertThat(provider.getServices())
                .as("nothing that is found without a question")
                .isEmpty();
        assertThat(provider.getService("KeyFactory", "ECDSA")).isNotNull();
        assertThat(provider.getService("Mac", "POLY1305")).isNotNull();
        assertThat(provider.getService("KeyFactory", "nonsense")).isNull();
    }
}
