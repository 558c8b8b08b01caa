package dev.holdfast.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigurationTextTest {
    @Test
    void whatIsWrittenOutMeansTheSame() {
        for (String name : Examples.NAMES) {
            Configuration read = Examples.right(Examples.text(name));
            String text = ConfigurationText.of(read);
            assertThat(Examples.right(text)).as(text).isEqualTo(read);
        }
    }

    @Test
    void defaultsAreFilledIn() {
        assertThat(ConfigurationText.of(Examples.right(Examples.text("ten-lines.yaml"))))
                .contains("rpo: 26h", "cron: 0 2 * * *", "zone: Europe/Vienna", "window: 1h", "repository: default")
                .contains("secret-key: file:/etc/holdfast/r2.secret");
    }

    @Test
    void changesAreToldOnePerValue() {
        String text = Examples.text("ten-lines.yaml");
        Configuration old = Examples.right(text);
        Configuration now = Examples.right(text.replace("bucket: backups", "bucket: other")
                        .replace("[discover]", "[discover, {container: shop-db}]")
                + "    hooks: {before: [a, b]}\n    tier: 1\n");
        assertThat(ConfigurationText.changes(Optional.of(old), now))
                .containsExactly(
                        "~ storages.bucket.bucket: backups -> other",
                        "+ services.databases.sources: {container: shop-db, name: shop-db}",
                        "~ services.databases.tier: 2 -> 1",
                        "+ services.databases.hooks.before: [a, b]");
        assertThat(ConfigurationText.changes(Optional.of(old), old)).isEmpty();
        assertThat(ConfigurationText.changes(Optional.of(now), old))
                .contains("- services.databases.hooks.before: [a, b]");
        List<String> all = ConfigurationText.changes(Optional.empty(), old);
        assertThat(all).contains("+ services.databases.sources: discover").allMatch(line -> line.startsWith("+ "));
    }
}
