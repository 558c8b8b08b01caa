package dev.holdfast.shim.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DumpRowsTest {
    private static final String DUMP = """
            /*M!999999\\- enable the sandbox mode */\s
            -- Host: localhost    Database: it's `odd" (1),(2);
            CREATE TABLE `a ``b` (
              `V(` int COMMENT 'x\\'; INSERT INTO `c` VALUES (1);',
              `m"` decimal(5,2) DEFAULT -1
            ) ENGINE=InnoDB /*!50100 PARTITION BY RANGE (`V(`) (PARTITION p VALUES LESS THAN (10)) */;
            INSERT INTO `a ``b` (`V(`, `m"`) VALUES (1,'a\\\\'),(2,'it''s (3),(4);'),(-5,0x2728);
            INSERT INTO `a ``b` VALUES
            (6,'-- no
            -- comment'),
            (7,NULL);
            CREATE TABLE `empty` (`x` int);
            /*!40000 ALTER TABLE `empty` DISABLE KEYS */;
            UNLOCK TABLES;

            -- Dump completed
            """;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 100_000})
    void counts_rows_whatever_is_in_them_and_however_the_dump_is_cut(int piece) {
        byte[] dump = DUMP.getBytes(StandardCharsets.UTF_8);
        DumpRows rows = new DumpRows();
        for (int at = 0; at < dump.length; at += piece) {
            rows.add(dump, at, Math.min(piece, dump.length - at));
        }
        assertThat(rows.rows()).isEqualTo(Map.of("a `b", 5L, "empty", 0L));
        assertThat(rows.bytes()).isEqualTo(dump.length);
    }
}
