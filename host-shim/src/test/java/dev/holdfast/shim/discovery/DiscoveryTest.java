package dev.holdfast.shim.discovery;

import static dev.holdfast.shim.discovery.Host.compose;
import static dev.holdfast.shim.discovery.Host.skipped;
import static dev.holdfast.shim.discovery.Host.sources;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which containers are databases, what labels say over that, and what patterns leave. */
class DiscoveryTest {
    @ParameterizedTest
    @CsvSource({
        "postgres:17,docker-entrypoint.sh postgres,postgres",
        "docker.io/library/postgres:16-alpine,docker-entrypoint.sh postgres -c max_connections=200,postgres",
        "postgres:16,docker-entrypoint.sh -c shared_buffers=1GB,postgres",
        "postgres:16,docker-entrypoint.sh sh -c `exec docker-entrypoint.sh postgres`,postgres",
        "postgres:16,/bin/sh /custom/start.sh,postgres",
        "postgres:16,sh -c `until pg_isready -h other; do sleep 1; done; exec postgres`,postgres",
        "postgres:16,/usr/bin/tini -- docker-entrypoint.sh postgres,postgres",
        "bitnami/postgresql:16,/opt/bitnami/scripts/postgresql/entrypoint.sh /opt/bitnami/scripts/postgresql/run.sh,postgres",
        "bitnamilegacy/postgresql-repmgr:16,/opt/bitnami/scripts/postgresql-repmgr/entrypoint.sh /run.sh,postgres",
        "percona/percona-distribution-postgresql:17,/entrypoint.sh postgres,postgres",
        "timescale/timescaledb:2.17-pg16,docker-entrypoint.sh postgres,postgres",
        "timescale/timescaledb-ha:pg16,/docker-entrypoint.sh postgres,postgres",
        "postgis/postgis:16-3.4,docker-entrypoint.sh postgres,postgres",
        "pgvector/pgvector:pg17,docker-entrypoint.sh postgres,postgres",
        "supabase/postgres:15.8,docker-entrypoint.sh postgres -D /etc/postgresql,postgres",
        "registry.example:5000/team/postgres@sha256:00ff,docker-entrypoint.sh postgres,postgres",
        "mysql:8.4,docker-entrypoint.sh mysqld,mysql",
        "percona/percona-server:8.0,/docker-entrypoint.sh mysqld,mysql",
        "mariadb:11,docker-entrypoint.sh mariadbd,mariadb",
        "bitnami/mariadb-galera:11,/opt/bitnami/scripts/entrypoint.sh /run.sh,mariadb",
        // no name that is known, but a program that is
        "registry.example/shop/db:3,docker-entrypoint.sh postgres,postgres",
        "sha256:0123456789abcdef,/usr/local/bin/docker-entrypoint.sh postgres -c fsync=on,postgres",
        "shop/db,gosu postgres postgres,postgres",
        "shop/db,mariadbd --user=mysql,mariadb",
    })
    void databasesAreTaken(String image, String command, String type) {
        Discovered discovered =
                new Host().with("db", image, "running", "", Host.words(command)).discover();
        assertThat(discovered.found()).as("%s", discovered).hasSize(1);
        assertThat(discovered.found().getFirst().type().label()).isEqualTo(type);
        assertThat(sources(discovered)).containsExactly("db=db");
    }

    @ParameterizedTest
    @CsvSource({
        "nginx:1,nginx",
        "prometheuscommunity/postgres-exporter,postgres_exporter",
        "quay.io/prometheuscommunity/postgres-exporter:v0.15,/bin/postgres_exporter",
        "prom/mysqld-exporter,/bin/mysqld_exporter",
        "dpage/pgadmin4,/entrypoint.sh",
        "adminer:4,entrypoint.sh docker-php-entrypoint php",
        "phpmyadmin:5,/docker-entrypoint.sh apache2-foreground",
        "sosedoff/pgweb,pgweb",
        "edoburu/pgbouncer,/entrypoint.sh pgbouncer /etc/pgbouncer/pgbouncer.ini",
        "bitnami/pgpool:4,/opt/bitnami/scripts/pgpool/entrypoint.sh /run.sh",
        "postgrest/postgrest,postgrest",
        "prodrigestivill/postgres-backup-local:16,/init.sh",
        "redis:7,docker-entrypoint.sh redis-server",
        "sha256:0123456789abcdef,/app/server",
        // the image of a database, used as a tool
        "postgres:16,docker-entrypoint.sh psql -h db -U postgres -f /seed.sql",
        "postgres:16,sleep infinity",
        "postgres:16,docker-entrypoint.sh bash",
        "postgres:16,docker-entrypoint.sh sh -c `while true; do pg_dump -U postgres; sleep 86400; done`",
        "postgres:16,docker-entrypoint.sh pg_isready -h db",
        "mysql:8,docker-entrypoint.sh mysql -h db",
        "mariadb:11,docker-entrypoint.sh mariadb-dump --all-databases",
    })
    void othersAreNot(String image, String command) {
        Discovered discovered =
                new Host().with("c", image, "running", "", Host.words(command)).discover();
        assertThat(discovered.found()).as("%s", discovered).isEmpty();
        Skipped skipped = skipped(discovered, "c");
        assertThat(skipped.reason()).isEqualTo(Skipped.Reason.NO_DATABASE);
        assertThat(skipped.why()).isNotBlank();
        assertThat(discovered.attention()).isEmpty();
    }

    @Test
    void mysqldAloneSaysNothingAndItsVariablesDo() {
        Discovered discovered = new Host()
                .with(Host.container("a", "shop/a", "running", "", Map.of("MYSQL_MAJOR", "8.4"), "mysqld"))
                .with(Host.container("b", "shop/b", "running", "", Map.of("MARIADB_VERSION", "10.6"), "mysqld"))
                .with(Host.container("c", "shop/c", "running", "", Map.of(), "mysqld"))
                .discover();
        assertThat(discovered.found().stream().map(found -> found.type().label()))
                .containsExactly("mysql", "mariadb");
        assertThat(skipped(discovered, "c").why()).contains("no database known here");
    }

    @Test
    void whatIsKnownAndNotSupportedIsSaid() {
        Discovered discovered = new Host()
                .with("m", "mongo:8", "running", "", "docker-entrypoint.sh", "mongod")
                .discover();
        assertThat(skipped(discovered, "m").why()).isEqualTo("it runs mongod, which this version does not back up");
    }

    @Test
    void stoppedDatabasesAreNamedWithTheirState() {
        Discovered discovered = new Host()
                .with("old", "postgres:16", "exited", "", "docker-entrypoint.sh", "postgres")
                .with("web", "nginx", "exited", "", "nginx")
                .discover();
        assertThat(skipped(discovered, "old").why()).isEqualTo("exited");
        assertThat(discovered.attention()).containsExactly(skipped(discovered, "old"));
    }

    @Test
    void enableFalseWinsOverEverything() {
        Discovered discovered = new Host()
                .with("a", "postgres:16", "holdfast.enable=false holdfast.source=postgres stack-back.postgres=true")
                .with("b", "postgres:16", "holdfast.enable=false holdfast.source=nonsense holdfast.name=../x")
                .with("c", "postgres:16", "exited", "holdfast.enable=False")
                .discover();
        assertThat(discovered.found()).isEmpty();
        assertThat(discovered.skipped())
                .allSatisfy(one -> assertThat(one.reason()).isEqualTo(Skipped.Reason.LEFT_OUT));
        assertThat(discovered.attention()).isEmpty();
    }

    @Test
    void labelsSayWhatAnImageDoesNot() {
        Discovered discovered = new Host()
                .with("a", "shop/db", "running", "holdfast.source=postgres", "/start")
                .with("b", "shop/db", "running", "stack-back.mariadb=True", "/start")
                .with("c", "postgres:16", "running", "holdfast.source=mysql stack-back.postgres=true", "postgres")
                .with("d", "postgres:16", "running", "holdfast.source=postgres", "sleep", "infinity")
                .discover();
        assertThat(discovered.found().stream()
                        .map(found ->
                                found.container().name() + " " + found.type().label() + " " + found.why()))
                .containsExactly(
                        "a postgres label holdfast.source=postgres",
                        "b mariadb label stack-back.mariadb=true",
                        "c mysql label holdfast.source=mysql",
                        "d postgres label holdfast.source=postgres");
    }

    @ParameterizedTest
    @CsvSource({
        "holdfast.source=oracle,label holdfast.source=oracle names no source type",
        "holdfast.enable=maybe,label holdfast.enable=maybe must be true or false",
        "stack-back.postgres=perhaps,must be true or false",
        "stack-back.postgres=true stack-back.mysql=true,are both true",
        "holdfast.name=../escape,label holdfast.name",
        "holdfast.source=mysql holdfast.replica-of=good,backups of MySQL read from no replica",
    })
    void aLabelThatCannotBeUnderstoodStopsNoOther(String labels, String message) {
        Discovered discovered = new Host()
                .with("bad", "postgres:16", labels)
                .with("good", "postgres:16", "")
                .discover();
        assertThat(sources(discovered)).containsExactly("good=good");
        assertThat(skipped(discovered, "bad").why()).contains(message);
        assertThat(discovered.attention()).hasSize(1);
    }

    @Test
    void anUnknownTypeNamesTheKnownOnes() {
        Discovered discovered =
                new Host().with("bad", "x", "holdfast.source=oracle").discover();
        assertThat(skipped(discovered, "bad").why()).endsWith("there are: postgres, mysql, mariadb");
    }

    @Test
    void aLabelCannotWriteOnTheTerminal() {
        Discovered discovered = new Host()
                .with(Host.container(
                        "bad", "x", "running", "holdfast.source=\u001b[2J\u202e" + "y".repeat(500), Map.of(), "x"))
                .discover();
        assertThat(skipped(discovered, "bad").why())
                .doesNotContain("\u001b")
                .doesNotContain("\u202e")
                .hasSizeLessThan(250);
    }

    @Test
    void enableTrueInsists() {
        Discovered discovered = new Host()
                .with("tool", "postgres:16", "running", "holdfast.enable=true", "/bin/sh", "-c", "sleep 9")
                .with("what", "shop/db", "running", "holdfast.enable=true", "/start")
                .with("no", "postgres:16", "holdfast.enable=true stack-back.postgres=false")
                .discover();
        assertThat(sources(discovered)).containsExactly("no=no", "tool=tool");
        assertThat(skipped(discovered, "what").why())
                .contains("holdfast.enable=true")
                .contains("holdfast.source (postgres, mysql, mariadb)");
        assertThat(discovered.attention()).hasSize(1);
    }

    @Test
    void aLabelThatLeavesDatabasesOutIsKeptToWhereItCanBe() {
        assertThat(sources(new Host()
                        .with("a", "postgres:16", "holdfast.exclude=scratch")
                        .discover()))
                .containsExactly("a=a");
        assertThat(sources(new Host()
                        .with("b", "mariadb:11", "holdfast.exclude=scratch")
                        .discover()))
                .containsExactly("b=b");
    }

    @Test
    void aLabelledReplicaIsReadByTheBackupOfItsPrimary() {
        Discovered discovered = new Host()
                .with("shop-db-1", "postgres:16", compose("shop", "db", 1))
                .with("other-db-1", "postgres:16", compose("other", "db", 1))
                .with("shop-standby-1", "postgres:16", compose("shop", "standby", 1) + " holdfast.replica-of=db")
                .with("far", "postgres:16", "exited", "holdfast.replica-of=other-db-1", "postgres")
                .discover();
        assertThat(sources(discovered)).containsExactly("other-db=other-db-1", "shop-db=shop-db-1");
        assertThat(discovered.found().get(1).why()).isEqualTo("image postgres; read from replica shop-standby-1");
        assertThat(skipped(discovered, "shop-standby-1").why())
                .isEqualTo("replica of shop-db-1, whose backup reads from it");
        assertThat(skipped(discovered, "far").why()).endsWith("when it runs; now it is exited");
        assertThat(discovered.attention()).isEmpty();
        assertThat(discovered.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "postgres:16, nobody, names no container",
        "postgres:16, b, names no container",
        "postgres:16, web, 'names container web, which is no PostgreSQL'",
        "postgres:16, c, 'names container c, which is a replica itself'",
        "postgres:16, maria, 'names container maria, which is no PostgreSQL'",
        "mariadb:11, maria, 'backups of MariaDB read from no replica'"
    })
    void aReplicaThatCannotBePlacedIsSaidAndNotForgotten(String image, String of, String message) {
        Discovered discovered = new Host()
                .with("a", "postgres:16", "")
                .with("c", "postgres:16", "holdfast.replica-of=a")
                .with("web", "nginx:1", "")
                .with("maria", "mariadb:11", "")
                .with("b", image, "holdfast.replica-of=" + of)
                .discover();
        assertThat(skipped(discovered, "b").why()).contains(message);
        assertThat(skipped(discovered, "b").reason()).isEqualTo(Skipped.Reason.UNCLEAR);
        assertThat(sources(discovered)).containsExactly("a=a", "maria=maria");
    }

    @Test
    void aReplicaOfWhatIsLeftOutIsLeftOutToo() {
        Discovered discovered = new Host()
                .with("a", "postgres:16", "holdfast.enable=false")
                .with("b", "postgres:16", "holdfast.replica-of=a")
                .discover();
        assertThat(discovered.found()).isEmpty();
        assertThat(skipped(discovered, "b").why()).contains("which is left out itself");
        assertThat(discovered.attention()).isEmpty();
    }

    @Test
    void stackBackFalseLeavesOut() {
        Discovered discovered =
                new Host().with("a", "postgres:16", "stack-back.postgres=false").discover();
        assertThat(skipped(discovered, "a").reason()).isEqualTo(Skipped.Reason.LEFT_OUT);
    }

    @Test
    void aSlipInALabelIsSaid() {
        Discovered discovered =
                new Host().with("a", "postgres:16", "holdfast.enabled=false").discover();
        assertThat(sources(discovered)).containsExactly("a=a");
        assertThat(discovered.warnings()).singleElement().asString().contains("holdfast.enabled", "holdfast.enable,");
    }

    @Test
    void oneCommandOfComposeIsNoDatabase() {
        Discovered discovered = new Host()
                .with("shop-db-run-1", "postgres:16", compose("shop", "db", 1).replace("oneoff=False", "oneoff=True"))
                .with("shop-db-1", "postgres:16", compose("shop", "db", 1))
                .discover();
        assertThat(sources(discovered)).containsExactly("shop-db=shop-db-1");
    }

    @Test
    void patternsNarrow() {
        Host host = new Host()
                .with("scalr-crm-db", "postgres:16", "")
                .with("scalr-crm-web", "nginx", "")
                .with("scalr-auth-postgres", "postgres:16", "")
                .with("other-db", "postgres:16", "")
                .with("other-bad", "postgres:16", "holdfast.source=oracle")
                .with("wiki-db-1", "postgres:16", compose("wiki", "db", 1));
        Discovered two = host.discover("scalr-*-db", "scalr-auth-postgres");
        assertThat(sources(two))
                .containsExactly("scalr-auth-postgres=scalr-auth-postgres", "scalr-crm-db=scalr-crm-db");
        assertThat(two.attention()).isEmpty();
        assertThat(two.warnings()).isEmpty();
        assertThat(skipped(two, "other-db").why()).isEqualTo("no pattern matches it");
        assertThat(sources(host.discover("wiki-db"))).containsExactly("wiki-db=wiki-db-1");
        assertThat(sources(host.discover("*"))).hasSize(4);
        assertThat(host.discover("nobody", "scalr-?-db").warnings())
                .containsExactly("pattern nobody matches no container", "pattern scalr-?-db matches no container");
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalr-crm-web", "shop-web"})
    void whatIsNamedInFullAndIsNoDatabaseIsSaid(String name) {
        Discovered discovered = new Host()
                .with("scalr-crm-web", "nginx", "")
                .with("shop-web-1", "nginx", compose("shop", "web", 1))
                .discover(name);
        assertThat(discovered.attention())
                .singleElement()
                .satisfies(one -> assertThat(one.why()).contains("it was asked for, but image nginx is no database"));
    }

    @Test
    void aNewContainerIsFoundWithNoEdit() {
        Host host = new Host().with("scalr-a-db", "postgres:16", "");
        assertThat(sources(host.discover("scalr-*-db"))).hasSize(1);
        host.with("scalr-b-db", "postgres:16", "");
        assertThat(sources(host.discover("scalr-*-db"))).hasSize(2);
    }
}
