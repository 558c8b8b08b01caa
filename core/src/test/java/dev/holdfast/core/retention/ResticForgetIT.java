package dev.holdfast.core.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.holdfast.core.retention.PlainModel.Quirk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plans against those of {@code restic forget --dry-run}, for random histories and policies. What restic decides otherwise is all in {@link Quirk}: with
 * these in the obvious model its answer is restic's to the last snapshot, and without them it is ours.
 *
 * <p>Few processes make many histories: one repository, snapshots of several hosts with random tags; each call asks for one tag, grouped by host.
 * {@code -Dholdfast.restic.histories=500} compares so many (default: 20).
 */
class ResticForgetIT {
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int HISTORIES = Integer.getInteger("holdfast.restic.histories", 20);
    private static final int HOSTS = HISTORIES > 100 ? 6 : 2;
    private static final int SNAPSHOTS_OF_A_HOST = HISTORIES > 100 ? 16 : 14;
    private static final int CALLS = (HISTORIES + HOSTS - 1) / HOSTS;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    @Test
    void plansAreThoseOfResticButForItsQuirks() throws IOException, InterruptedException {
        assumeTrue(isThere(), "there is no restic here: apt-get install restic");
        long seed = Long.getLong("holdfast.restic.seed", new Random().nextLong());
        System.out.println("ResticForgetIT: seed " + seed);
        Random random = new Random(seed);
        restic("init");
        Files.createFile(folder.resolve("empty"));
        for (int host = 0; host < HOSTS; host++) {
            Instant at = Instant.parse("2025-10-25T20:00:00Z");
            int everySeconds = List.of(1800, 20_000, 400_000, 3_000_000).get(host % 4);
            for (int i = 0; i < SNAPSHOTS_OF_A_HOST; i++) {
                at = at.plusSeconds(1 + random.nextInt(everySeconds));
                backUp(host, at, random);
            }
        }
        Compared compared = new Compared(quirks());
        for (int call = 0; call < CALLS; call++) {
            RetentionPolicy policy = Histories.policy(random);
            for (JsonNode group : MAPPER.readTree(restic(forget(policy, "k" + call)))) {
                compared.add(policy, group, "seed " + seed + ", tag k" + call);
            }
        }
        System.out.println("ResticForgetIT: " + compared);
        assertThat(compared.histories).isGreaterThanOrEqualTo(HISTORIES * 3 / 4);
    }

    /** Later versions keep the oldest snapshot too: whether this one does is seen in its answer, not in its number. */
    private Set<Quirk> quirks() throws IOException, InterruptedException {
        RetentionPolicy years = new RetentionPolicy(0, 0, 0, 0, 0, 50, Optional.empty());
        JsonNode group = MAPPER.readTree(restic(forget(years, "all"))).path(0);
        Set<String> seen = new TreeSet<>();
        group.path("keep").forEach(node -> seen.add(node.path("time").asText().substring(0, 4)));
        boolean fillsUp = group.path("keep").size() > seen.size();
        return fillsUp ? EnumSet.allOf(Quirk.class) : EnumSet.complementOf(EnumSet.of(Quirk.OLDEST_FILLS_UP));
    }

    private void backUp(int host, Instant at, Random random) throws IOException, InterruptedException {
        List<String> tags = new ArrayList<>(List.of("all"));
        for (int call = 0; call < CALLS; call++) {
            if (random.nextInt(3) > 0) {
                tags.add("k" + call);
            }
        }
        restic(
                "backup",
                "--host",
                "host" + host,
                "--time",
                TIME.format(at.atZone(ZONE)),
                "--tag",
                String.join(",", tags),
                folder.resolve("empty").toString());
    }

    private static String[] forget(RetentionPolicy policy, String tag) {
        List<String> words = new ArrayList<>(
                List.of("forget", "--dry-run", "--json", "--no-lock", "--group-by", "host", "--tag", tag));
        for (Rule rule : Rule.values()) {
            if (rule.count(policy) > 0) {
                words.addAll(List.of("--keep-" + rule.label(), String.valueOf(rule.count(policy))));
            }
        }
        policy.within().ifPresent(length -> words.addAll(List.of("--keep-within", length.toString())));
        return words.toArray(String[]::new);
    }

    /** Counts, and fails at the first answer that is not explained. */
    private static final class Compared {
        private final Set<Quirk> quirks;
        private int histories;
        private int snapshots;
        private int asOurs;
        private final Map<Set<Quirk>, Integer> otherwise = new LinkedHashMap<>();

        Compared(Set<Quirk> quirks) {
            this.quirks = quirks;
        }

        void add(RetentionPolicy policy, JsonNode group, String where) {
            Map<SnapshotFacts, Boolean> restic = new LinkedHashMap<>();
            group.path("keep").forEach(node -> restic.put(facts(node), true));
            group.path("remove").forEach(node -> restic.put(facts(node), false));
            List<SnapshotFacts> all = List.copyOf(restic.keySet());
            Instant now = Instant.parse("2027-06-01T00:00:00Z");
            Set<SnapshotFacts> kept = restic.keySet().stream()
                    .filter(one -> Boolean.TRUE.equals(restic.get(one)))
                    .collect(Collectors.toSet());
            Set<SnapshotFacts> ours =
                    Set.copyOf(RetentionPlan.of(policy, all, ZONE, now).kept());
            assertThat(kept(policy, all, now, EnumSet.noneOf(Quirk.class))).isEqualTo(ours);
            assertThat(kept(policy, all, now, quirks))
                    .as("%s, policy %s, times %s", where, policy, times(all))
                    .isEqualTo(kept);
            histories++;
            snapshots += all.size();
            if (kept.equals(ours)) {
                asOurs++;
            } else {
                otherwise.merge(smallest(policy, all, now, kept), 1, Integer::sum);
            }
        }

        /** The fewest quirks that explain an answer. */
        private Set<Quirk> smallest(
                RetentionPolicy policy, List<SnapshotFacts> all, Instant now, Set<SnapshotFacts> kept) {
            for (Quirk quirk : Quirk.values()) {
                if (kept(policy, all, now, EnumSet.of(quirk)).equals(kept)) {
                    return EnumSet.of(quirk);
                }
            }
            return quirks;
        }

        private static Set<SnapshotFacts> kept(
                RetentionPolicy policy, List<SnapshotFacts> all, Instant now, Set<Quirk> quirks) {
            PlainModel model = new PlainModel(policy, all, ZONE, now, quirks);
            return all.stream().filter(model::keeps).collect(Collectors.toSet());
        }

        private static SnapshotFacts facts(JsonNode snapshot) {
            Instant time = OffsetDateTime.parse(snapshot.path("time").asText()).toInstant();
            return Histories.good(time.getEpochSecond(), time);
        }

        private static Set<Instant> times(List<SnapshotFacts> all) {
            return new TreeSet<>(all.stream().map(SnapshotFacts::claimed).toList());
        }

        @Override
        public String toString() {
            return histories + " histories with " + snapshots + " snapshots: " + asOurs
                    + " plans as ours, the others explained by " + otherwise;
        }
    }

    private static boolean isThere() throws InterruptedException {
        try {
            return new ProcessBuilder("restic", "version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private String restic(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "restic", "-q", "--no-cache", "-r", folder.resolve("repository").toString()));
        command.addAll(List.of(words));
        Path out = Files.createTempFile(folder, "out", ".json");
        Path err = Files.createTempFile(folder, "err", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("RESTIC_PASSWORD", "test");
        builder.environment().put("TZ", ZONE.getId());
        Process process = builder.start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("restic did not end within 120 s: " + command);
        }
        Optional<String> failure = process.exitValue() == 0 ? Optional.empty() : Optional.of(Files.readString(err));
        if (failure.isPresent()) {
            throw new IOException("restic: " + failure.get());
        }
        return Files.readString(out);
    }
}
