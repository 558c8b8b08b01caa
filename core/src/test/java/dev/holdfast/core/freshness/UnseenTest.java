package dev.holdfast.core.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.model.Severity;
import dev.holdfast.core.model.SourceName;
import org.junit.jupiter.api.Test;

class UnseenTest {
    private static final SourceName SOURCE = new SourceName("shop-db");

    private static String key(Subject subject) {
        return new Problem(subject, Problem.Kind.AGE, Severity.CRITICAL, "old").key();
    }

    @Test
    void aServiceCoversItsSourcesAndTheirCopiesAndNoOther() {
        Unseen unseen = Unseen.service("my shop");
        assertThat(unseen.covers(key(Subject.source("my shop", SOURCE)))).isTrue();
        assertThat(unseen.covers(key(Subject.copy("my shop", SOURCE, "offsite"))))
                .isTrue();
        assertThat(unseen.covers(key(Subject.source("my shops", SOURCE)))).isFalse();
        assertThat(unseen.covers("unseen:my+shop")).isFalse();
    }

    @Test
    void aCopyCoversOnlyItself() {
        Unseen unseen = Unseen.copy("shop", "off site");
        assertThat(unseen.covers(key(Subject.copy("shop", SOURCE, "off site")))).isTrue();
        assertThat(unseen.covers(key(Subject.source("shop", SOURCE)))).isFalse();
        assertThat(unseen.covers(key(Subject.copy("shop", SOURCE, "site")))).isFalse();
    }
}
