package dev.holdfast.shim.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.shim.postgres.PostgresType;
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
