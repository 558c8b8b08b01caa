package dev.holdfast.core.storage.prefix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.StorageContract;
import dev.holdfast.core.storage.StorageDriver;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.local.LocalDriver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A part of a storage keeps every promise of a whole one. */
class PrefixedDriverTest extends StorageContract {
    @TempDir
    Path root;

    @Override
    protected StorageDriver open() throws IOException {
        return new PrefixedDriver(new LocalDriver(root), "copies of/app-a/");
    }

    @Override
    protected int manyKeys() {
        return 2_500;
    }

    @Override
    protected boolean allowsLongestKey() {
        return false;
    }

    @Test
    void neighboursDoNotSeeEachOther() throws Exception {
        try (StorageDriver whole = new LocalDriver(root);
                StorageDriver a = new PrefixedDriver(new LocalDriver(root), "app/");
                StorageDriver b = new PrefixedDriver(new LocalDriver(root), "app-b/")) {
            ObjectKey key = new ObjectKey("packs/x");
            a.put(key, Body.of(new byte[1]), PutMode.IF_ABSENT);
            b.put(key, Body.of(new byte[2]), PutMode.IF_ABSENT);
            assertThat(a.stat(key).orElseThrow().bytes()).isEqualTo(1);
            assertThat(a.list("", Optional.empty()).items())
                    .singleElement()
                    .satisfies(object -> assertThat(object.key()).isEqualTo(key));
            a.delete(key);
            assertThat(a.get(key, ByteRange.ALL)).isEmpty();
            assertThat(whole.list("app", Optional.empty()).items())
                    .singleElement()
                    .satisfies(object -> assertThat(object.key().text()).isEqualTo("app-b/packs/x"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "app", "/", "/app/", "app//", "../", "a/../b/"})
    void whatIsNoPrefixIsRefused(String prefix) {
        assertThatThrownBy(() -> new PrefixedDriver(driver(), prefix)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aKeyThatIsTooLongBelowThePrefixIsRefusedInWords() {
        ObjectKey longest = new ObjectKey("k/".repeat(510) + "end");
        assertThatThrownBy(() -> driver().put(longest, Body.of(new byte[1]), PutMode.REPLACE))
                .isInstanceOf(StorageException.Rejected.class)
                .hasMessageContaining("shorten the prefix");
    }
}
