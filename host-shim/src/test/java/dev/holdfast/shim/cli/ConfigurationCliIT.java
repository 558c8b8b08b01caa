package dev.holdfast.shim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code holdfast config} and {@code holdfast apply} as a user runs them. */
@Timeout(600)
class ConfigurationCliIT {
    @TempDir
    Path folder;

    private Path file = Path.of("/nowhere");
    private Cli cli = new Cli(Path.of("/nowhere"));

    @BeforeEach
    void start() throws Exception {
        file = folder.resolve("holdfast.yaml");
        cli = new Cli(folder);
        Files.createDirectories(cli.storage());
        Files.writeString(file, """
                # ours
                storages:
                  nas: {type: local, path: %s}
                services:
                  databases:
                    sources: [discover]
                """.formatted(cli.storage()));
    }

    @Test
    void aFileIsCheckedShownAndAppliedAndItsStorageIsUsed() throws Exception {
        Cli.Result checked = cli.runPlain("config", "check", file.toString());
        assertThat(checked.code()).as(checked.output()).isZero();
        assertThat(checked.output()).contains("is right: 1 storage, 1 repository, 1 service");
        Cli.Result shown = cli.runPlain("config", "show", file.toString());
        assertThat(shown.code()).isZero();
        assertThat(shown.output()).contains("rpo: 26h", "window: 1h", "daily: 7");

        Cli.Result planned = cli.runPlain("apply", file.toString(), "--dry-run");
        assertThat(planned.code()).as(planned.output()).isZero();
        assertThat(planned.output()).contains("+ storages.nas.type: local", "+ services.databases.sources: discover");
        assertThat(cli.home().resolve("holdfast.yaml")).doesNotExist();
        Cli.Result unasked = cli.runPlain("apply", file.toString());
        assertThat(unasked.code()).isEqualTo(1);
        assertThat(unasked.output()).contains("not confirmed, so nothing was changed");
        assertThat(cli.home().resolve("holdfast.yaml")).doesNotExist();

        Cli byName = cli.withEnvironment(Map.of("HOLDFAST_CONFIG", file.toString()));
        assertThat(byName.runPlain("apply", "--yes").code()).isZero();
        Path kept = cli.home().resolve("holdfast.yaml");
        assertThat(kept).hasSameTextualContentAs(file, StandardCharsets.UTF_8);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rw-------");
        assertThat(cli.runPlain("apply", file.toString()).output()).contains("it means the same as what is applied");

        Cli.Result made = cli.runPlain("check", "--storage", "nas");
        assertThat(made.code())
                .as("apply has made the repository: " + made.output())
                .isZero();
        assertThat(cli.runPlain("snapshots").code()).isZero();
        assertThat(cli.runPlain("storage", "list").output()).contains("nas  local  (of the applied configuration)");

        Files.writeString(file, Files.readString(file) + "    tier: 1\n");
        Cli.Result again = cli.runPlain("apply", file.toString(), "--yes");
        assertThat(again.output()).contains("~ services.databases.tier: 2 -> 1").doesNotContain("+ ");
        assertThat(cli.runPlain("config", "show", "--applied").output()).contains("tier: 1");
    }

    @Test
    void aWrongFileIsToldWholeAndNeverApplied() throws Exception {
        assertThat(cli.runPlain("apply", file.toString(), "--yes").code()).isZero();
        Files.writeString(file, Files.readString(file) + "    teir: 1\n    rpo: soon\n");
        Cli.Result checked = cli.runPlain("config", "check", file.toString());
        assertThat(checked.code()).isEqualTo(2);
        assertThat(checked.output())
                .contains(file + ":7:5: services.databases: unknown key teir; did you mean tier?")
                .contains(file + ":8:10: services.databases.rpo: must be a length of time");
        assertThat(cli.runPlain("config", "show", file.toString()).code()).isEqualTo(2);
        Cli.Result applied = cli.runPlain("apply", file.toString(), "--yes");
        assertThat(applied.code()).isEqualTo(2);
        assertThat(cli.home().resolve("holdfast.yaml")).content().doesNotContain("teir");
        Cli.Result json = cli.runPlain("config", "check", file.toString(), "--json");
        assertThat(json.output()).contains("\"status\":\"wrong\"", "\"line\":7,\"column\":5");
        assertThat(cli.runPlain("config", "check", folder + "/none.yaml").code())
                .isEqualTo(10);
        assertThat(cli.runPlain("config", "schema").output()).contains("https://json-schema.org/draft/2020-12/schema");
    }
}
