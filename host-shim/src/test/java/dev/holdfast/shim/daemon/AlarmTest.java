package dev.holdfast.shim.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.catalog.Liveness;
import dev.holdfast.core.catalog.sqlite.SqliteCatalog;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Limits;
import dev.holdfast.core.config.NotifierSettings;
import dev.holdfast.core.freshness.Freshness;
import dev.holdfast.core.freshness.Problem;
import dev.holdfast.core.freshness.Subject;
import dev.holdfast.core.freshness.Unseen;
import dev.holdfast.core.freshness.Verdict;
import dev.holdfast.core.model.Secret;
import dev.holdfast.core.model.Severity;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.notify.NotifierOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlarmTest {
    private static final Subject SHOP = Subject.source("shop", new SourceName("shop-db"));
    private static final Configuration CONFIGURATION = new Configuration(
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(new NotifierSettings.Webhook(NotifierSettings.Flavour.GENERIC, "env:URL")),
            Limits.DEFAULT);

    @TempDir
    private Path folder;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private HttpServer receiver;

    @BeforeEach
    void listen() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void end() {
        receiver.stop(0);
    }

    private static Outlook.Seen stale() {
        Freshness state = new Freshness.Stale(Duration.ofHours(31), "shop-db: too old");
        Problem problem = new Problem(SHOP, Problem.Kind.AGE, Severity.CRITICAL, state.reason());
        return new Outlook.Seen(List.of(new Verdict(SHOP, state, Optional.empty(), List.of(problem))), List.of());
    }

    private static Outlook.Seen away() {
        return new Outlook.Seen(
                List.of(),
                List.of(new Outlook.Trouble(
                        "unseen:shop",
                        "shop",
                        "shop: repository cannot be looked at",
                        "no route",
                        Optional.of(Unseen.service("shop")))));
    }

    private static Outlook.Seen fresh() {
        Freshness state = new Freshness.Fresh(Duration.ZERO, "shop-db: fine");
        return new Outlook.Seen(List.of(new Verdict(SHOP, state, Optional.empty(), List.of())), List.of());
    }

    /** Each look with an alarm of its own, as after a restart of the daemon. */
    private void look(Outlook.Seen seen, Instant now) throws IOException {
        String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/";
        DaemonLog log = new DaemonLog(System.err, DaemonLog.Form.TEXT, Clock.systemUTC());
        try (Catalog catalog = SqliteCatalog.open(folder.resolve("catalog.db"), Clock.systemUTC(), Liveness.UNKNOWN);
                Alarm alarm = new Alarm(
                        catalog,
                        new NotifierSecrets(reference -> Secret.of(url)),
                        NotifierOptions.DEFAULT,
                        "host",
                        log)) {
            alarm.judged(CONFIGURATION, seen, now);
        }
    }

    @Test
    void aProblemIsNotOverBecauseItsStorageIsAway() throws IOException {
        Instant now = Instant.parse("2026-11-29T12:00:00Z");
        look(stale(), now);
        assertThat(told).singleElement().asString().contains("backup too old", "problem");
        for (int minute = 1; minute <= 60; minute++) {
            look(away(), now.plus(Duration.ofMinutes(minute)));
        }
        assertThat(told).hasSize(2);
        assertThat(told.getLast()).contains("cannot be looked at").doesNotContain("recovered");
        for (int minute = 61; minute <= 90; minute++) {
            look(fresh(), now.plus(Duration.ofMinutes(minute)));
        }
        assertThat(String.join("\n", told.subList(2, told.size()))).contains("recovered", "backup too old");
    }
}
