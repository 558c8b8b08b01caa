package dev.holdfast.shim.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.shim.mongo.MongoType;
import dev.holdfast.shim.mysql.MysqlType;
import dev.holdfast.shim.postgres.PostgresType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNameTest {
    @ParameterizedTest
    @CsvSource({
        "postgres,postgres,postgres",
        "postgres:16-alpine,postgres,postgres",
        "docker.io/library/postgres:16,postgres,postgres",
        "registry:5000/team/Postgres@sha256:00ff,team/postgres,postgres",
        "localhost/db/mariadb:11.4,db/mariadb,mariadb",
        "bitnami/postgresql:16,bitnami/postgresql,postgresql",
        "my/postgres-15:1,my/postgres-15,postgres",
    })
    void leavesRegistryTagAndDigestAway(String reference, String path, String last) {
        ImageName image = ImageName.of(reference);
        assertThat(image.path()).isEqualTo(path);
        assertThat(image.last()).isEqualTo(last);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres:17",
                "ghcr.io/org/postgres",
                "timescale/timescaledb:latest-pg16",
                "postgis/postgis:16-3.4",
                "pgvector/pgvector:pg17",
                "supabase/postgres:15"
            })
    void postgresIsKnown(String reference) {
        assertThat(new PostgresType().recognises(ImageName.of(reference))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "mysql:8.4,mysql",
        "mysql/mysql-server:8.0,mysql",
        "bitnami/mysql:9.4,mysql",
        "percona:8,mysql",
        "percona/percona-server:8.4,mysql",
        "percona/percona-xtradb-cluster:8.0,mysql",
        "mariadb:11.4,mariadb",
        "lscr.io/linuxserver/mariadb,mariadb",
        "bitnami/mariadb-galera:11,mariadb",
        "prom/mysqld-exporter,",
        "phpmyadmin/phpmyadmin,",
        "proxysql/proxysql,",
        "mysql/mysql-router,",
        "databack/mysql-backup,",
        "percona/percona-server-mongodb:7.0,",
        "percona/percona-distribution-postgresql:16,",
    })
    void mysqlAndMariadbAreToldApart(String reference, @Nullable String label) {
        ImageName image = ImageName.of(reference);
        assertThat(MysqlType.mysql().recognises(image)).isEqualTo("mysql".equals(label));
        assertThat(MysqlType.mariadb().recognises(image)).isEqualTo("mariadb".equals(label));
    }

    @ParameterizedTest
    @CsvSource({
        "mongo:8,true",
        "docker.io/library/mongo:4.4-focal,true",
        "mongodb/mongodb-community-server:7.0-ubi8,true",
        "percona/percona-server-mongodb:7.0,true",
        "bitnami/mongodb:8.0,true",
        "registry:5000/my/mongo-7,true",
        "mongo-express:1,false",
        "bitnami/mongodb-exporter:0.40,false",
        "percona/mongodb_exporter:0.40,false",
        "mongodb/mongodb-atlas-kubernetes-operator,false",
        "rustic/mongo-backup,false",
    })
    void mongodbIsKnown(String reference, boolean known) {
        assertThat(new MongoType().recognises(ImageName.of(reference))).isEqualTo(known);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prometheuscommunity/postgres-exporter",
                "postgrest/postgrest",
                "dpage/pgadmin4",
                "bitnami/pgbouncer",
                "nginx"
            })
    void whatOnlySoundsLikeItIsNot(String reference) {
        assertThat(new PostgresType().recognises(ImageName.of(reference))).isFalse();
    }
}
