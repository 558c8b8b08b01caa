package dev.holdfast.shim.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SqlTest {
    @Test
    void splits_a_script_at_its_real_ends() {
        String script = """
                --
                -- it's; a comment
                --
                \\restrict abc'def
                CREATE ROLE "semi;co""lon";
                ALTER ROLE a WITH PASSWORD 'x;''y' VALID UNTIL 'infinity';
                COMMENT ON ROLE a IS E'back\\\\slash \\'; still
                here';

                \\unrestrict abc'def
                """;
        assertThat(Sql.statements(script))
                .containsExactly(
                        "CREATE ROLE \"semi;co\"\"lon\"",
                        "ALTER ROLE a WITH PASSWORD 'x;''y' VALID UNTIL 'infinity'",
                        "COMMENT ON ROLE a IS E'back\\\\slash \\'; still\nhere'");
    }

    @Test
    void refuses_half_a_script() {
        assertThatThrownBy(() -> Sql.statements("CREATE ROLE a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Sql.statements("COMMENT ON ROLE a IS 'x;"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void quotes() {
        assertThat(Sql.literal("it's")).isEqualTo("'it''s'");
        assertThat(Sql.identifier("a\"b")).isEqualTo("\"a\"\"b\"");
        assertThat(Sql.connection("a=b'c\\d", "u")).isEqualTo("dbname='a=b\\'c\\\\d' user='u'");
    }

    @Test
    void a_name_beside_fits_and_never_cuts_a_character() {
        assertThat(DatabaseSwap.beside("shop", "holdfast")).matches("shop_holdfast_[0-9a-f]{8}");
        String name = DatabaseSwap.beside("日本".repeat(10), "holdfast");
        assertThat(name.getBytes(StandardCharsets.UTF_8).length).isBetween(60, 63);
        assertThat(name).doesNotContain("\ufffd").startsWith("日本日本");
    }

    @Test
    void lists_in_settings_stay_lists() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("owner", "o");
        properties.put("defaultGrants", true);
        properties.put(
                "settings",
                List.of(
                        Map.of("role", "", "setting", "search_path=shop, \"Odd Schema\""),
                        Map.of("role", "r", "setting", "my.name=it's = 5")));
        assertThat(new DatabaseFacts("d", properties).dress("d"))
                .containsExactly(
                        "ALTER DATABASE \"d\" SET \"search_path\" TO shop, \"Odd Schema\"",
                        "ALTER ROLE \"r\" IN DATABASE \"d\" SET \"my\".\"name\" TO 'it''s = 5'");
    }

    @Test
    void stream_names_hold_no_control_character_and_no_slash() {
        assertThat(PostgresSource.streamName("a/b%\n日本")).isEqualTo("databases/a%2fb%25%0a日本.dump");
    }
}
