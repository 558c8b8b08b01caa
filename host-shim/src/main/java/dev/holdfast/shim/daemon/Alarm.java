package dev.holdfast.shim.daemon;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.core.catalog.Backup;
import dev.holdfast.core.catalog.BackupStatus;
import dev.holdfast.core.catalog.Catalog;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.NotifierSettings;
import dev.holdfast.core.freshness.Problem;
import dev.holdfast.core.freshness.Unseen;
import dev.holdfast.core.freshness.Verdict;
import dev.holdfast.core.model.Severity;
import dev.holdfast.core.notify.AlertBook;
import dev.holdfast.core.notify.AlertPolicy;
import dev.holdfast.core.notify.AlertRounds;
import dev.holdfast.core.notify.AlertState;
import dev.holdfast.core.notify.AlertStateJson;
import dev.holdfast.core.notify.Delivery;
import dev.holdfast.core.notify.DeliveryResult;
import dev.holdfast.core.notify.Finding;
import dev.holdfast.core.notify.Notifier;
import dev.holdfast.core.notify.NotifierOptions;
import dev.holdfast.core.notify.Notifiers;
import dev.holdfast.core.notify.NotifyException;
import dev.holdfast.core.notify.RetryPlan;
import dev.holdfast.core.notify.RunPing;
import dev.holdfast.shim.service.ScheduleKey;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The notifiers of the configuration at work. What each was told is kept in the catalog; pings leave in threads of their own. */
public final class Alarm implements Notifications, AutoCloseable {
    private static final String NOTE = "alerts";
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Catalog catalog;
    private final NotifierSecrets secrets;
    private final DaemonLog log;
    private final Notifiers notifiers;
    private final Delivery delivery;
    private final AlertRounds rounds;
    private final ExecutorService pings = Executors.newVirtualThreadPerTaskExecutor();

    public Alarm(Catalog catalog, NotifierSecrets secrets, NotifierOptions options, String host, DaemonLog log) {
        this.catalog = catalog;
        this.secrets = secrets;
        this.log = log;
        this.notifiers = new Notifiers(options);
        this.delivery = new Delivery(RetryPlan.DEFAULT, new SecureRandom());
        this.rounds = new AlertRounds(new AlertBook(AlertPolicy.DEFAULT), delivery, host);
    }

    @Override
    public void started(Configuration configuration, Backup backup) {
        ping(configuration, backup, ping -> ping.start(backup.run()));
    }

    @Override
    public void ended(Configuration configuration, Backup backup) {
        if (backup.status() == BackupStatus.COMPLETED) {
            String text = backup.source() + ": snapshot " + backup.snapshot().orElseThrow();
            ping(configuration, backup, ping -> ping.success(backup.run(), text));
        } else {
            String text = backup.source() + ": " + backup.error().orElse("failed for an unknown reason");
            ping(configuration, backup, ping -> ping.fail(backup.run(), text));
        }
    }

    @FunctionalInterface
    private interface Message {
        void send(RunPing ping) throws NotifyException, InterruptedException;
    }

    private void ping(Configuration configuration, Backup backup, Message message) {
        String service = backup.plan()
                .map(plan -> ScheduleKey.parse(plan.schedule()).service())
                .orElse("");
        for (NotifierSettings settings : configuration.notifiers()) {
            if (settings instanceof NotifierSettings.Ping check
                    && check.service().map(service::equals).orElse(true)) {
                pings.execute(() -> send(check, message));
            }
        }
    }

    private void send(NotifierSettings.Ping settings, Message message) {
        try {
            RunPing ping = notifiers.open(secrets.spec(settings));
            report(delivery.deliver(ping.name(), () -> message.send(ping)));
        } catch (IOException | RuntimeException e) {
            log.error("a ping of the configuration cannot be used", e);
        }
    }

    private void report(DeliveryResult result) {
        if (result instanceof DeliveryResult.Failed failed) {
            log.warn(failed.receiver() + " was not told (" + failed.attempts() + " attempts): " + failed.reason());
        }
    }

    @Override
    public void judged(Configuration configuration, Outlook.Seen seen, Instant now) throws IOException {
        List<Notifier> open = new ArrayList<>();
        for (NotifierSettings settings : configuration.notifiers()) {
            try {
                secrets.alerts(settings).map(notifiers::open).ifPresent(open::add);
            } catch (IOException | RuntimeException e) {
                log.error("a notifier of the configuration cannot be used", e);
            }
        }
        Map<String, Map<String, AlertState>> states = states();
        List<Finding> findings = findings(seen);
        findings.addAll(standing(seen, states));
        AlertRounds.Round round = rounds.run(open, states, findings, now);
        keep(round.states());
        round.results().forEach(this::report);
    }

    private static List<Finding> findings(Outlook.Seen seen) {
        List<Finding> findings = new ArrayList<>();
        for (Outlook.Trouble trouble : seen.troubles()) {
            findings.add(
                    new Finding(trouble.key(), Severity.WARNING, trouble.service(), trouble.title(), trouble.text()));
        }
        for (Verdict verdict : seen.verdicts()) {
            for (Problem problem : verdict.problems()) {
                findings.add(new Finding(
                        problem.key(),
                        problem.severity(),
                        problem.subject().service(),
                        problem.title(),
                        problem.reason()));
            }
        }
        return findings;
    }

    /** Problems of what could not be looked at now are not gone: they stand as they were last told. */
    private static List<Finding> standing(Outlook.Seen seen, Map<String, Map<String, AlertState>> states) {
        List<Unseen> unseen = seen.troubles().stream()
                .flatMap(trouble -> trouble.unseen().stream())
                .toList();
        List<Finding> standing = new ArrayList<>();
        states.values()
                .forEach(ofNotifier -> ofNotifier.forEach((key, state) -> {
                    if (state.phase() != AlertState.Phase.ENDED
                            && unseen.stream().anyMatch(one -> one.covers(key))) {
                        standing.add(new Finding(key, state.severity(), state.service(), state.title(), state.text()));
                    }
                }));
        return standing;
    }

    private Map<String, Map<String, AlertState>> states() throws IOException {
        Map<String, Map<String, AlertState>> states = new LinkedHashMap<>();
        JsonNode kept;
        try {
            kept = MAPPER.readTree(catalog.note(NOTE).orElse("{}"));
        } catch (JsonProcessingException e) {
            throw new IOException("what was alerted is kept as no JSON in the catalog", e);
        }
        for (Map.Entry<String, JsonNode> notifier : kept.properties()) {
            Map<String, AlertState> one = new LinkedHashMap<>();
            notifier.getValue()
                    .properties()
                    .forEach(entry -> one.put(
                            entry.getKey(), AlertStateJson.read(entry.getValue().toString())));
            states.put(notifier.getKey(), one);
        }
        return states;
    }

    private void keep(Map<String, Map<String, AlertState>> states) throws IOException {
        ObjectNode kept = MAPPER.createObjectNode();
        for (Map.Entry<String, Map<String, AlertState>> notifier : states.entrySet()) {
            ObjectNode one = kept.putObject(notifier.getKey());
            for (Map.Entry<String, AlertState> state : notifier.getValue().entrySet()) {
                one.set(state.getKey(), MAPPER.readTree(AlertStateJson.write(state.getValue())));
            }
        }
        String text = kept.toString();
        if (!Objects.equals(catalog.note(NOTE).orElse("{}"), text)) {
            catalog.note(NOTE, text);
        }
    }

    @Override
    public void close() {
        pings.close();
        notifiers.close();
    }
}
