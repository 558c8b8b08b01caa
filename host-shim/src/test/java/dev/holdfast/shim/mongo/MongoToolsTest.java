package dev.holdfast.shim.mongo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.Secret;
import dev.holdfast.shim.docker.ExecCommand;
import dev.holdfast.shim.restore.RestoreOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tools are told, and how what they say is taken. */
final class MongoToolsTest {
    private static final MongoLogin LOGIN =
            new MongoLogin(Optional.of(new MongoLogin.Account("root", Secret.of("päss\"': word"))));

    @Test
    void the_password_is_the_first_line_of_stdin_and_nowhere_else() {
        ExecCommand command = MongoServer.command(
                "mongodump",
                Optional.of(new MongoAddress("mongodb://db:27018/?tls=true")),
                LOGIN,
                List.of("--archive"));
        assertThat(command.argv())
                .containsExactly(
                        "mongodump",
                        "--uri=mongodb://db:27018/?tls=true",
                        "--username=root",
                        "--authenticationDatabase=admin",
                        "--archive");
        assertThat(command.environment()).isEmpty();
        assertThat(command.stdin()).isEqualTo(ExecCommand.Stdin.PIPE);
        assertThat(LOGIN.line()).isEqualTo("päss\"': word\n".getBytes(UTF_8));
        assertThat(LOGIN.toString()).doesNotContain("päss");
        assertThat(new MongoLogin(Optional.empty()).line()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mongodb://root:secret@db:27017",
                "mongodb://db:27017/shop",
                "db:27017",
                "mongodb://db:27017/?authSource=a@b",
                "mongodb://db --eval",
                "http://db"
            })
    void an_address_with_credentials_or_a_database_is_refused(String uri) {
        assertThatThrownBy(() -> new MongoAddress(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"mongodb://a,b:27018/?replicaSet=rs0", "mongodb+srv://db.example", "mongodb://[::1]:27017/"})
    void an_address_may_be(String uri) {
        assertThat(new MongoAddress(uri)).hasToString(uri);
    }

    @Test
    void a_whole_restore_replays_the_oplog_and_a_part_does_not() {
        SavedArchive with = new SavedArchive("8.0", true, Map.of(), Set.of());
        SavedArchive without = new SavedArchive("8.0", false, Map.of(), Set.of());
        RestoreOptions all = RestoreOptions.everything();
        assertThat(MongoRestore.arguments(all, with)).contains("--drop", "--oplogReplay");
        assertThat(MongoRestore.arguments(all, without)).contains("--drop").doesNotContain("--oplogReplay");
        assertThat(MongoRestore.arguments(all.onlyDatabase("a*b"), with))
                .contains("--nsInclude=a\\*b.*")
                .doesNotContain("--oplogReplay");
        assertThat(MongoRestore.arguments(all.onlyTable("a\\b", "c.d*"), with)).contains("--nsInclude=a\\\\b.c.d\\*");
    }

    @Test
    void only_the_want_of_an_oplog_makes_a_dump_go_on_without() {
        assertThat(
                        ArchiveDump.isForWantOfOplog(
                                "Failed: error getting oplog start: error getting recent oplog entry: mongo: no documents in result"))
                .isTrue();
        assertThat(ArchiveDump.isForWantOfOplog("Failed: can't use --oplog option when dumping from a mongos"))
                .isTrue();
        assertThat(ArchiveDump.isForWantOfOplog(
                        "Failed: error getting oplog start: (Unauthorized) not authorized on local to execute command"))
                .isFalse();
        assertThat(
                        ArchiveDump.isForWantOfOplog(
                                "Failed: oplog overflow: mongodump was unable to capture all new oplog entries during execution"))
                .isFalse();
        assertThat(ArchiveDump.isForWantOfOplog("Failed: can't create session: could not connect to server"))
                .isFalse();
    }

    @Test
    void the_log_of_a_restore_is_read_with_odd_names_and_failures() {
        RestoreLog log = RestoreLog.of("""
                2026-01-01T00:00:00.000+0000\tfinished restoring shop.a (1 document, 0 failures) b (1000 documents, 660 failures)
                2026-01-01T00:00:00.000+0000\tfinished restoring shop.one (1 document, 0 failures)
                finished restoring shop.lie (5 documents, 0 failures)
                2026-01-01T00:00:00.000+0000\t341 document(s) restored successfully. 660 document(s) failed to restore.
                """);
        assertThat(log.documents()).isEqualTo(Map.of("shop.a (1 document, 0 failures) b", 340L, "shop.one", 1L));
        assertThat(log.summary()).contains(new RestoreLog.Summary(341, 660));
        assertThat(RestoreLog.of("Failed: something").summary()).isEmpty();
    }
}
