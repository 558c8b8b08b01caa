package dev.holdfast.shim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.ConfigurationFile;
import dev.holdfast.core.freshness.Overall;
import dev.holdfast.core.freshness.Subject;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.shim.daemon.ConfiguredSources;
import dev.holdfast.shim.daemon.Outlook;
import dev.holdfast.shim.daemon.Repositories;
import dev.holdfast.shim.host.ConfiguredStorages;
import dev.holdfast.shim.host.HostHome;
import dev.holdfast.shim.host.Storages;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandingStillTest {
    @TempDir
    private Path folder;

    @Test
    void aDatabaseThatDoesNotRunIsJudgedByWhatWasPromisedForIt() throws Exception {
        String text = """
                storages: {disk: {type: local, path: %s}}
                services: {databases: {sources: [discover]}}
                """.formatted(folder.resolve("storage"));
        Configuration configuration = new ConfigurationFile(ZoneOffset.UTC, Set.of())
                .parse(text.getBytes(StandardCharsets.UTF_8))
                .configuration()
                .orElseThrow();
        HostHome home = HostHome.of(
                Map.of("HOLDFAST_HOME", folder.resolve("home").toString()), "root", folder, new SecureRandom());
        Console console = new Console(Console.Form.JSON, new PrintStream(System.err), System.err);
        assertThat(new ConfiguredRepositories(home, configuration, console).make())
                .isEmpty();
        SourceName shop = new SourceName("shop-db");
        SourceName old = new SourceName("old-db");
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        ConfiguredSources sources =
                (any, service) -> new ConfiguredSources.Listed(List.of(), List.of(shop, old), List.of());
        try (Catalog catalog = home.catalog()) {
            catalog.plan("databases/shop-db", Optional.empty(), now.minus(Duration.ofDays(3)), List.of());
            Repositories repositories =
                    new Repositories(catalog, any -> new ConfiguredStorages(Storages.of(home, Map.of()), any));
            Outlook.Seen seen = Outlook.of(catalog, sources, repositories).look(configuration, now);
            assertThat(seen.troubles()).isEmpty();
            assertThat(seen.verdicts()).singleElement().satisfies(verdict -> {
                assertThat(verdict.subject()).isEqualTo(Subject.source("databases", shop));
                assertThat(verdict.problems()).isNotEmpty();
            });
            assertThat(Overall.of(seen.verdicts())).isEqualTo(Overall.BREACHED);
        }
    }
}
