package dev.holdfast.core.storage.dropbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.storage.StorageException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DropboxNamesTest {
    @ParameterizedTest
    @CsvSource({
        "packs/shop-db/0a1b, /packs/shop-db/0a1b",
        "20261129T083948Z, /20261129%54083948%5a",
        "a.b/.c/d., /a.b/%2ec/d%2e",
        "a b/c, /a b/c",
        "100%, /100%25",
        "\u00e9, /%c3%a9",
        "desktop.ini/x, /%64esktop.ini/x",
        "~$x, /%7e%24x",
        "..., /%2e.%2e"
    })
    void aKeyHasOnePath(String key, String path) throws Exception {
        assertThat(DropboxNames.path(key)).isEqualTo(path);
        assertThat(DropboxNames.key(path.substring(1))).contains(key);
    }

    @Test
    void everyPathIsItsOwnLowerCaseAndComesBack() throws Exception {
        for (char c = 0x20; c < 0x180; c++) {
            for (String key : List.of("" + c, "x" + c, c + "x", "x" + c + "x")) {
                if (c == '/') {
                    continue;
                }
                String path = DropboxNames.path(key);
                assertThat(path).isEqualTo(path.toLowerCase(Locale.ROOT)).isASCII();
                assertThat(DropboxNames.key(path.substring(1))).contains(key);
                assertThat(StandInFiles.fault(path)).as(path).isEmpty();
            }
        }
    }

    @Test
    void whatNoPutHasWrittenIsNoKey() {
        for (String path :
                List.of("A", "caf\u00e9", "100%", "%4", "%zz", "%C3%A9", "%61", "%ff", "desktop.ini", ".x", "x ")) {
            assertThat(DropboxNames.key(path)).as(path).isEmpty();
        }
    }

    @Test
    void aNameThatGrowsTooLongIsRejected() {
        assertThatThrownBy(() -> DropboxNames.path("x/" + "A".repeat(86)))
                .isInstanceOf(StorageException.Rejected.class)
                .hasMessageContaining("258 characters");
    }
}
