package dev.holdfast.shim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies, holds and repacking, through the program. */
class PolicyForgetIT {
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir
    Path folder = Path.of("");

    private Cli cli = new Cli(folder);

    @BeforeEach
    void prepare() throws Exception {
        cli = new Cli(folder);
        assertThat(cli.run("init").code()).isZero();
        Files.createDirectory(folder.resolve("data"));
    }

    private void backUp(String name, long seed, int bytes) throws Exception {
        byte[] content = new byte[bytes];
        new Random(seed).nextBytes(content);
        Files.write(folder.resolve("data/file"), content);
        Cli.Result result = cli.run("backup", "--folder", folder.resolve("data").toString(), "--name", name);
        assertThat(result.code()).as(result.output()).isZero();
        // names of snapshots are whole seconds, and the newest must be known
        Thread.sleep(1100);
    }

    private static JsonNode json(Cli.Result result) throws IOException {
        return MAPPER.readTree(result.output()
                .lines()
                .filter(line -> line.startsWith("{"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(result.output())));
    }

    private List<String> ids(String source) throws Exception {
        List<String> ids = new ArrayList<>();
        json(cli.run("snapshots", source, "--json"))
                .path("snapshots")
                .forEach(node -> ids.add(node.path("id").asText()));
        return ids;
    }

    @Test
    void aPolicyIsShownAskedForTwiceAndCarriedOutForEachSource() throws Exception {
        for (int i = 0; i < 3; i++) {
            backUp("app", i, 100_000);
        }
        backUp("other", 9, 100_000);
        List<String> ids = ids("app");
        Cli.Result dry = cli.run("forget", "--all", "--keep-last", "1", "--dry-run");
        assertThat(dry.code()).as(dry.output()).isZero();
        assertThat(dry.output())
                .contains("app: 1 stay, 2 would go  (1 last)")
                .contains("other: 1 stay, 0 would go")
                .contains("newest good one; last 1 of 1")
                .contains("no rule keeps it");
        assertThat(ids("app")).hasSize(3);

        Cli.Result once = cli.run("forget", "app", "--keep-last", "1");
        assertThat(once.code()).isEqualTo(ExitCode.FAILED);
        assertThat(once.output())
                .contains("2 of 3 snapshots of app, more than half")
                .contains("--really");
        assertThat(ids("app")).hasSize(3);

        Cli.Result hold = cli.run("hold", "app", ids.getFirst(), "--reason", "audit");
        assertThat(hold.code()).as(hold.output()).isZero();
        Cli.Result byHand = cli.run("forget", "app", ids.getFirst());
        assertThat(byHand.code()).isEqualTo(ExitCode.WRONG_USE);
        assertThat(byHand.output()).contains("is held and stays");
        JsonNode done = json(cli.run("forget", "--all", "--keep-last", "1", "--json"));
        assertThat(done.path("status").asText()).isEqualTo("done");
        assertThat(done.path("snapshots").asInt()).isEqualTo(1);
        assertThat(done.path("sources")
                        .path(0)
                        .path("snapshots")
                        .path(2)
                        .path("reasons")
                        .path(0)
                        .asText())
                .isEqualTo("held: audit");
        assertThat(ids("app")).containsExactly(ids.getFirst(), ids.getLast());

        assertThat(cli.run("release", "app", ids.getFirst()).code()).isZero();
        assertThat(cli.run("release", "app", ids.getFirst()).code()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(cli.run("forget", "app", "--keep-last", "1").code()).isZero();
        assertThat(ids("app")).containsExactly(ids.getLast());
        assertThat(cli.run("check", "--read-data").code()).isZero();
    }

    @Test
    void repackingFreesWhatIsMostlyUnused() throws Exception {
        backUp("app", 1, 30_000_000);
        byte[] first = Files.readAllBytes(folder.resolve("data/file"));
        byte[] small = java.util.Arrays.copyOf(first, 12_000_000);
        Files.write(folder.resolve("data/file"), small);
        assertThat(cli.run("backup", "--folder", folder.resolve("data").toString(), "--name", "app")
                        .code())
                .isZero();
        List<String> ids = ids("app");
        assertThat(cli.run("forget", "app", ids.getFirst()).code()).isZero();
        JsonNode done = json(cli.run("forget", "app", "--repack", "--json"));
        assertThat(done.path("repackedBytes").asLong()).isGreaterThan(5_000_000);
        assertThat(ids("app")).hasSize(1).doesNotContain(ids.getLast());
        assertThat(cli.run("check", "--read-data").code()).isZero();
        Path back = folder.resolve("back");
        Cli.Result restored = cli.run("restore", "app", "--to-folder", back.toString());
        assertThat(restored.code()).as(restored.output()).isZero();
        try (var files = Files.walk(back)) {
            Path file = files.filter(each -> each.endsWith("file")).findFirst().orElseThrow();
            assertThat(Files.readAllBytes(file)).isEqualTo(small);
        }
    }

    @Test
    void wrongUseIsToldInWords() throws Exception {
        assertThat(cli.run("forget", "--keep-last", "1").code()).isEqualTo(ExitCode.WRONG_USE);
        assertThat(cli.run("forget", "app", "--all", "--keep-last", "1").code()).isEqualTo(ExitCode.WRONG_USE);
        assertThat(cli.run("forget", "app", "--dry-run").output()).contains("need a policy");
        assertThat(cli.run("forget", "app", "--keep-within", "1w").output()).contains("must be like 30d");
        assertThat(cli.run("forget", "app", "--keep-last", "1", "--zone", "Mars/Base")
                        .output())
                .contains("no time zone");
        assertThat(cli.run("forget", "app", "--keep-daily", "-1").code()).isEqualTo(ExitCode.WRONG_USE);
    }
}
