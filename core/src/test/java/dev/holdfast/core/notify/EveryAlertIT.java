package dev.holdfast.core.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.core.freshness.Evidence;
import dev.holdfast.core.freshness.FreshnessJudge;
import dev.holdfast.core.freshness.FreshnessPolicy;
import dev.holdfast.core.freshness.Problem;
import dev.holdfast.core.freshness.Runs;
import dev.holdfast.core.freshness.SmallSnapshot;
import dev.holdfast.core.freshness.Subject;
import dev.holdfast.core.freshness.Timing;
import dev.holdfast.core.freshness.Verdict;
import dev.holdfast.core.model.Secret;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.testing.TestCertificates;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From what is in a repository to what a person reads: every kind of alert, at a real mail server and a real HTTP server. */
class EveryAlertIT {
    private static final Instant NIGHT = Instant.parse("2026-11-28T02:00:00Z");
    private static final Duration RPO = Duration.ofHours(26);
    private static final FreshnessJudge JUDGE = new FreshnessJudge(FreshnessPolicy.DEFAULT);

    private Map<String, Map<String, AlertState>> states = Map.of();

    private static Instant hours(double after) {
        return NIGHT.plusSeconds((long) (after * 3600));
    }

    private static Evidence source(
            String name, List<Instant> good, Optional<SmallSnapshot> small, Runs runs, Instant due) {
        return new Evidence.OfSource(
                Subject.source("shop", new SourceName(name)),
                RPO,
                good,
                small,
                runs,
                Optional.of(new Timing(due, Duration.ofMinutes(30))));
    }

    private static Runs ended(Instant began, boolean well) {
        Instant finished = began.plusSeconds(60);
        return new Runs(
                Optional.empty(),
                Optional.of(
                        well
                                ? new Runs.Succeeded(began, finished)
                                : new Runs.Failed(began, finished, "pg_dump: no disk")));
    }

    /** One source for each kind of problem, half a day after the night that went wrong. */
    private static List<Evidence> badNight() {
        List<Instant> last = List.of(NIGHT);
        Runs well = ended(NIGHT, true);
        return List.of(
                source("soon", List.of(hours(-9)), Optional.empty(), ended(hours(-9), true), hours(24)),
                source("never", List.of(), Optional.empty(), ended(hours(11), false), hours(24)),
                source("failed", last, Optional.empty(), ended(hours(11), false), hours(24)),
                source("missed", last, Optional.empty(), well, hours(6)),
                source("lost", last, Optional.empty(), ended(hours(11), true), hours(24)),
                source(
                        "small",
                        last,
                        Optional.of(new SmallSnapshot(hours(11), 10, 1_000_000)),
                        ended(hours(11), true),
                        hours(24)),
                new Evidence.OfCopy(
                        Subject.copy("shop", new SourceName("lagging"), "offsite"),
                        RPO,
                        List.of(hours(-20)),
                        last,
                        ended(NIGHT, false)));
    }

    private static List<Evidence> goodNight(Instant now) {
        Runs well = ended(now.minusSeconds(3600), true);
        List<Instant> good = List.of(now.minusSeconds(3600));
        List<Evidence> all = new ArrayList<>();
        for (String name : List.of("soon", "never", "failed", "missed", "lost", "small")) {
            all.add(source(name, good, Optional.empty(), well, now.plusSeconds(3600)));
        }
        all.add(new Evidence.OfCopy(Subject.copy("shop", new SourceName("lagging"), "offsite"), RPO, good, good, well));
        return all;
    }

    private static List<Finding> findings(List<Evidence> evidence, Instant now) {
        return JUDGE.judge(evidence, now).stream()
                .map(Verdict::problems)
                .flatMap(List::stream)
                .map(each ->
                        new Finding(each.key(), each.severity(), each.subject().service(), each.title(), each.reason()))
                .toList();
    }

    @Test
    void everyKindOfAlertArrives(@TempDir Path folder) throws Exception {
        TestCertificates certificates = TestCertificates.in(folder);
        NotifierOptions options = new NotifierOptions(
                Duration.ofSeconds(20), Duration.ofSeconds(20), Optional.of(certificates.clientContext()));
        try (MailServer mail = MailServer.start(certificates, TestCertificates.Flaw.NONE);
                Receiver hook = Receiver.tls(certificates.serverContext(TestCertificates.Flaw.NONE));
                Notifiers notifiers = new Notifiers(options)) {
            List<Notifier> all = List.of(
                    notifiers.open(mail.spec(NotifierSpec.MailSecurity.STARTTLS, "ops@example.org")),
                    notifiers.open(new NotifierSpec.Webhook(
                            WebhookFlavour.GENERIC, Secret.of("https://127.0.0.1:" + hook.port() + "/hook"))));
            AlertRounds rounds = new AlertRounds(
                    new AlertBook(AlertPolicy.DEFAULT),
                    new Delivery(new RetryPlan(3, Duration.ofSeconds(1), Duration.ofSeconds(60)), new Random(1)),
                    "web1");
            List<Evidence> bad = badNight();
            round(rounds, all, findings(bad, hours(12)), hours(12)); // problems
            round(rounds, all, findings(bad, hours(18)), hours(18)); // the one that was due soon is too old
            round(rounds, all, findings(bad, hours(37)), hours(37)); // reminders
            round(rounds, all, findings(goodNight(hours(38)), hours(38)), hours(38)); // nothing is told yet
            round(rounds, all, findings(goodNight(hours(39)), hours(39)), hours(39)); // recoveries

            TreeSet<String> arrived = new TreeSet<>();
            for (Receiver.Request request : hook.requests()) {
                assertThat(request.method()).isEqualTo("POST");
                for (JsonNode alert :
                        new ObjectMapper().readTree(request.body()).get("alerts")) {
                    arrived.add(alert.get("kind").asText() + " "
                            + alert.get("severity").asText() + " "
                            + alert.get("key").asText());
                }
            }
            assertThat(arrived)
                    .contains(
                            "problem warning age:shop/soon",
                            "worse critical age:shop/soon",
                            "problem critical age:shop/never",
                            "problem warning run:shop/never",
                            "problem warning run:shop/failed",
                            "problem warning schedule:shop/missed",
                            "problem warning lost:shop/lost",
                            "problem warning size:shop/small",
                            "problem critical age:shop/lagging@offsite",
                            "problem warning run:shop/lagging@offsite",
                            "reminder warning run:shop/failed",
                            "recovered warning run:shop/failed",
                            "recovered critical age:shop/soon");
            for (Problem.Kind kind : Problem.Kind.values()) {
                String code = kind.name().toLowerCase(Locale.ROOT) + ":";
                assertThat(arrived)
                        .as(kind.name())
                        .anyMatch(each -> each.startsWith("problem ") && each.contains(code));
                assertThat(arrived)
                        .as(kind.name())
                        .anyMatch(each -> each.startsWith("recovered ") && each.contains(code));
            }

            List<MimeMessage> messages = mail.await(hook.requests().size());
            assertThat(messages).as("as many mails as posts").hasSameSizeAs(hook.requests());
            StringBuilder read = new StringBuilder();
            for (MimeMessage each : messages) {
                assertThat(each.getSubject()).startsWith("Holdfast on web1: ");
                read.append(each.getContent().toString().replace("\r\n", "\n")).append('\n');
            }
            assertThat(read)
                    .contains(
                            "[WARNING] soon: backup too old\nsoon: newest good backup is 21 h old, promised 26 h; it is")
                    .contains("[CRITICAL] soon: backup too old\nsoon: newest good backup is 27 h old, promised 26 h")
                    .contains("[CRITICAL] never: backup too old\nnever: there is no good backup; the last run failed")
                    .contains(
                            "[WARNING] failed: backup failed\nfailed: the last run failed at 2026-11-28 13:01 UTC: pg_dump: no disk")
                    .contains("[WARNING] missed: backup did not start\n")
                    .contains("[WARNING] lost: snapshot missing\n")
                    .contains("[WARNING] small: backup suspiciously small\n")
                    .contains("[CRITICAL] lagging in copy offsite: backup too old\n")
                    .contains("[WARNING] lagging in copy offsite: replication failed\n")
                    .contains("[STILL WARNING] failed: backup failed\n")
                    .contains("[RECOVERED] failed: backup failed\nThis is over. It lasted 26 h.\n");
        }
    }

    private void round(AlertRounds rounds, List<Notifier> all, List<Finding> findings, Instant now) {
        AlertRounds.Round round = rounds.run(all, states, findings, now);
        assertThat(round.results()).allSatisfy(each -> assertThat(each).isInstanceOf(DeliveryResult.Delivered.class));
        states = round.states();
    }
}
