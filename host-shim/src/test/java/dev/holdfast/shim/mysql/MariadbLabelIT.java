package dev.holdfast.shim.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.shim.database.DumpOptions;
import dev.holdfast.shim.docker.DockerEndpoint;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.testing.Containers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the labels of a container change; it is the same code for MySQL, whose first start takes minutes. */
@Timeout(240)
class MariadbLabelIT {
    private static final String IMAGE = "holdfast-test/mariadb:1";

    @Test
    void what_a_label_leaves_out_is_not_in_the_backup_which_is_said() throws Exception {
        Containers.assumeImage(IMAGE);
        try (Containers server = Containers.startWith(
                        IMAGE,
                        Map.of("MARIADB_ROOT_PASSWORD", MysqlFixture.PASSWORD),
                        List.of("--label", "holdfast.exclude= scratch, typo ,Wé'ird`"));
                Engine engine = Engine.connect(DockerEndpoint.of(System.getenv()))) {
            server.awaitLog(Duration.ofSeconds(150), "init process done");
            server.awaitSuccess(
                    Duration.ofSeconds(60),
                    "env",
                    "MYSQL_PWD=" + MysqlFixture.PASSWORD,
                    "mariadb",
                    "--user=root",
                    "--execute=SELECT 1");
            new MysqlFixture(server, "mariadb")
                    .sql("CREATE DATABASE scratch; CREATE DATABASE kept; CREATE DATABASE `Wé'ird```;"
                            + " CREATE TABLE kept.t AS SELECT 1 AS x");
            try (MysqlSource source = MysqlSource.open(
                    engine, server.name(), Flavour.MARIADB, MysqlSettings.fromContainer(), new DumpOptions(3))) {
                assertThat(source.sideBySide()).isEqualTo(3);
                MysqlFixture.Memory backup = MysqlFixture.drain(source);
                assertThat(backup.names()).containsExactly(MysqlSource.USERS, "databases/kept.sql");
                assertThat(backup.evidence()).containsEntry("excludedDatabases", List.of("scratch", "Wé'ird`"));
                assertThat(backup.warnings())
                        .containsExactly("label holdfast.exclude names database typo, which is not there");
            }
        }
    }
}
