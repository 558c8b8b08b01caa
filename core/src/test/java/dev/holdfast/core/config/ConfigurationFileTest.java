package dev.holdfast.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.retention.RetentionPolicy;
import dev.holdfast.core.retention.Within;
import dev.holdfast.core.schedule.Schedule;
import dev.holdfast.core.storage.ObjectLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a right file means. */
class ConfigurationFileTest {
    @Test
    void tenLinesBackUpEveryDatabaseOfAHostEveryNight() {
        String text = Examples.text("ten-lines.yaml");
        assertThat(text.lines()).hasSize(10);
        ParsedConfiguration parsed = Examples.parse(text);
        assertThat(parsed.problems()).isEmpty();
        Configuration whole = parsed.configuration().orElseThrow();
        assertThat(whole.storages())
                .containsExactly(Map.entry(
                        "bucket",
                        new StorageSettings(
                                "r2",
                                Map.of(
                                        "account",
                                        "0123456789abcdef0123456789abcdef",
                                        "bucket",
                                        "backups",
                                        "access-key-id",
                                        "abc"),
                                Map.of("secret-key", "file:/etc/holdfast/r2.secret"))));
        assertThat(whole.repositories())
                .containsExactly(Map.entry("default", new RepositorySettings("bucket", "", List.of())));
        assertThat(whole.services().values())
                .containsExactly(new Service(
                        "databases",
                        2,
                        Duration.ofHours(26),
                        Optional.empty(),
                        List.of(),
                        "default",
                        List.of(new SourceRule.Discover(List.of())),
                        new Schedule("0 2 * * *", ZoneId.of("Europe/Vienna"), Duration.ofHours(1)),
                        RetentionPolicy.DEFAULT,
                        List.of(),
                        HookSettings.NONE,
                        Optional.empty()));
        assertThat(whole.notifiers()).isEmpty();
        assertThat(whole.limits()).isEqualTo(Limits.DEFAULT);
    }

    private static <T> T of(Map<String, T> map, String name) {
        return Objects.requireNonNull(map.get(name), name);
    }

    @Test
    void everyKeyIsRead() {
        ParsedConfiguration parsed = Examples.parse(Examples.text("full.yaml"));
        assertThat(parsed.problems()).isEmpty();
        Configuration whole = parsed.configuration().orElseThrow();
        assertThat(whole.storages().keySet()).containsExactly("bucket", "nas", "box", "tape", "mine", "drive");
        assertThat(of(whole.storages(), "box").settings()).containsEntry("port", "2222");
        assertThat(of(whole.repositories(), "shop").prefix()).isEqualTo("shop/");
        assertThat(of(whole.repositories(), "shop").recipients()).hasSize(1);
        Service databases = of(whole.services(), "databases");
        assertThat(databases.sources()).containsExactly(new SourceRule.Discover(List.of("scalr-*-db")));
        assertThat(databases.retention()).isEqualTo(new RetentionPolicy(0, 0, 7, 4, 0, 0, Optional.empty()));
        assertThat(databases.copies())
                .containsExactly(
                        new CopyRule(
                                "nas",
                                "databases/",
                                Optional.of("office"),
                                Optional.empty(),
                                ObjectLock.Mode.GOVERNANCE,
                                Optional.empty()),
                        new CopyRule(
                                "mine",
                                "",
                                Optional.empty(),
                                Optional.of(Duration.ofDays(30)),
                                ObjectLock.Mode.COMPLIANCE,
                                Optional.of(
                                        new RetentionPolicy(0, 0, 0, 0, 0, 0, Optional.of(new Within(1, 6, 0, 0))))));
        Service shop = of(whole.services(), "shop");
        assertThat(shop.tier()).isEqualTo(1);
        assertThat(shop.rpo()).isEqualTo(Duration.ofHours(2));
        assertThat(shop.rto()).contains(Duration.ofMinutes(30));
        assertThat(shop.dependsOn()).containsExactly("databases");
        assertThat(shop.group()).contains("fast-disk");
        assertThat(shop.schedule())
                .isEqualTo(new Schedule("30 * * * *", ZoneId.of("Europe/Berlin"), Duration.ofMinutes(20)));
        assertThat(shop.retention())
                .isEqualTo(new RetentionPolicy(3, 24, 7, 4, 12, 2, Optional.of(new Within(0, 0, 14, 0))));
        assertThat(shop.copies().getFirst().retention())
                .contains(new RetentionPolicy(10, 0, 0, 0, 0, 0, Optional.empty()));
        assertThat(shop.hooks())
                .isEqualTo(new HookSettings(
                        List.of("/usr/local/bin/quiesce", "shop"), List.of("/usr/local/bin/resume", "shop")));
        assertThat(shop.sources())
                .containsExactly(
                        new SourceRule.Database("shop-db", Optional.of("postgres"), new SourceName("shop-db")),
                        new SourceRule.ContainerVolumes("shop-app", new SourceName("shop-app"), Optional.of("pause")),
                        new SourceRule.Volume("shop-data", new SourceName("shop-data"), Optional.empty()),
                        new SourceRule.Folders(
                                List.of(Path.of("/etc"), Path.of("/home")),
                                List.of("*.tmp"),
                                true,
                                new SourceName("host-files")),
                        new SourceRule.Command(
                                Optional.of("redis"),
                                List.of("redis-cli", "--rdb", "-"),
                                Optional.of("dump.rdb"),
                                new SourceName("redis")),
                        new SourceRule.Command(
                                Optional.empty(),
                                List.of("cat", "/proc/mdstat"),
                                Optional.empty(),
                                new SourceName("raid")));
        assertThat(whole.notifiers())
                .containsExactly(
                        new NotifierSettings.Webhook(NotifierSettings.Flavour.SLACK, "env:SLACK_URL"),
                        new NotifierSettings.Webhook(
                                NotifierSettings.Flavour.GENERIC, "file:/etc/holdfast/hook.secret"),
                        new NotifierSettings.Mail(
                                "smtp.example.org",
                                465,
                                NotifierSettings.MailSecurity.TLS,
                                Optional.of("backups"),
                                Optional.of("env:SMTP_PASSWORD"),
                                "backups@example.org",
                                List.of("ops@example.org", "cto@example.org")),
                        new NotifierSettings.Ping(Optional.of("shop"), "env:PING_URL"));
        assertThat(whole.limits()).isEqualTo(new Limits(3, Map.of("fast-disk", 2)));
    }

    @Test
    void aFileThatIsWrongIsRefusedWithEverythingThatIsWrong(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("holdfast.yaml");
        Files.writeString(file, "storages: 1\nservices: 2\n");
        assertThatThrownBy(() -> Examples.FILE.load(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(file + ":1:11: storages: must be a mapping (key: value), not a number\n" + file
                        + ":2:11: services: must be a mapping (key: value), not a number");
        Files.writeString(file, Examples.text("ten-lines.yaml"));
        assertThat(Examples.FILE.load(file)).isEqualTo(Examples.right(Examples.text("ten-lines.yaml")));
    }

    private static final Path CORE = Path.of(System.getProperty("basedir", "core"));

    @Test
    void theReadmeBeginsWithTheTenLines() throws Exception {
        assertThat(Files.readString(CORE.resolve("../README.md")))
                .contains("```yaml\n" + Examples.text("ten-lines.yaml") + "```\n");
    }

    @Test
    void everyKeyIsInTheReference() throws Exception {
        String reference = Files.readString(CORE.resolve("CONFIGURATION.md"));
        for (Shape shape : Shape.values()) {
            assertThat(shape.keys())
                    .as(shape.toString())
                    .allMatch(key -> Pattern.compile("\\b" + key + "\\b")
                            .matcher(reference)
                            .find());
        }
        assertThat(reference).doesNotContain("depends-on");
    }
}
