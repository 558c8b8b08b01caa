package dev.holdfast.shim.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.core.model.Secret;
import dev.holdfast.core.source.BackupSource;
import dev.holdfast.shim.database.DumpOptions;
import dev.holdfast.shim.docker.DockerEndpoint;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineException;
import dev.holdfast.shim.restore.RestoreOptions;
import dev.holdfast.shim.testing.Containers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What needs a real server: logins, users and roles, views, and the oplog of a replica set. Only where a registry answers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
final class MongoRealIT {
    private static final String IMAGE = "mongo:8";
    private static final String PASSWORD = "s3cret in no list";

    @BeforeAll
    void pull() throws IOException, InterruptedException {
        assumeTrue(
                has(20, "docker", "image", "inspect", IMAGE) || has(90, "docker", "pull", "--quiet", IMAGE),
                "MongoDB with logins, users, views and oplog is not tested: image " + IMAGE + " cannot be pulled here");
    }

    @Test
    void users_roles_and_views_come_back_with_a_login() throws IOException {
        try (Engine engine = Engine.connect(DockerEndpoint.of(System.getenv()));
                Containers server = Containers.start(
                        IMAGE, Map.of("MONGO_INITDB_ROOT_USERNAME", "root", "MONGO_INITDB_ROOT_PASSWORD", PASSWORD))) {
            server.awaitLog(Duration.ofSeconds(90), "MongoDB init process complete");
            String[] login = {"mongosh", "--quiet", "-u", "root", "-p", PASSWORD, "--eval"};
            server.awaitSuccess(Duration.ofSeconds(60), with(login, "db.adminCommand('ping')"));
            run(server, login, """
                    const shop = db.getSiblingDB('shop');
                    for (let i = 0; i < 50; i++) shop.orders.insertOne({_id: i, total: NumberDecimal('1.10')});
                    shop.createView('dear', 'orders', [{$match: {_id: {$gt: 40}}}]);
                    shop.createRole({role: 'looker', privileges: [], roles: ['read']});
                    shop.createUser({user: 'app', pwd: 'pw', roles: ['looker']});
                    """);
            assertThatThrownBy(() -> MongoSource.open(
                            engine, server.name(), MongoSettings.fromContainer().withPassword(Secret.of("wrong"))))
                    .isInstanceOf(EngineException.ServiceRefused.class)
                    .hasMessageContaining("refused the password of user root");
            Memory snapshot;
            try (BackupSource source = new MongoType().open(engine, server.name(), DumpOptions.defaults())) {
                snapshot = Memory.drain(source);
            }
            assertThat(snapshot.consistency()).isEqualTo(BackupSource.Consistency.CRASH);
            run(server, login, """
                    const shop = db.getSiblingDB('shop');
                    shop.dropUser('app'); shop.dropRole('looker'); shop.dropDatabase();
                    """);
            MongoRestore.prepare(
                            engine, server.name(), MongoSettings.fromContainer(), snapshot, RestoreOptions.everything())
                    .run();
            assertThat(run(server, login, """
                            const shop = db.getSiblingDB('shop');
                            print(shop.orders.countDocuments({}), shop.dear.countDocuments({}), shop.getUser('app').roles[0].role,
                                shop.getRole('looker').roles[0].role);
                            """)).isEqualTo("50 9 looker read");
        }
    }

    @Test
    void a_replica_set_gives_one_point_in_time() throws IOException {
        try (Engine engine = Engine.connect(DockerEndpoint.of(System.getenv()));
                Containers server = Containers.start(IMAGE, Map.of(), "--replSet", "rs0")) {
            String[] shell = {"mongosh", "--quiet", "--eval"};
            server.awaitSuccess(
                    Duration.ofSeconds(90),
                    with(shell, "rs.initiate({_id: 'rs0', members: [{_id: 0, host: '127.0.0.1:27017'}]})"));
            server.awaitSuccess(Duration.ofSeconds(60), with(shell, "if (!db.hello().isWritablePrimary) quit(1)"));
            run(server, shell, "db.getSiblingDB('shop').orders.insertMany([{_id: 1}, {_id: 2}])");
            Memory snapshot;
            try (BackupSource source = new MongoType().open(engine, server.name(), DumpOptions.defaults())) {
                snapshot = Memory.drain(source);
            }
            assertThat(snapshot.consistency()).isEqualTo(BackupSource.Consistency.APPLICATION);
            assertThat(snapshot.warnings()).isEmpty();
            assertThat(snapshot.evidence()).containsEntry("oplog", true);
            run(server, shell, "db.getSiblingDB('shop').dropDatabase()");
            MongoRestore.prepare(
                            engine, server.name(), MongoSettings.fromContainer(), snapshot, RestoreOptions.everything())
                    .run();
            assertThat(run(server, shell, "print(db.getSiblingDB('shop').orders.countDocuments({}))"))
                    .isEqualTo("2");
        }
    }

    private static String run(Containers server, String[] shell, String script) {
        Containers.Output output = server.exec(with(shell, script));
        assertThat(output.code()).as(output.text()).isZero();
        return output.text().strip();
    }

    private static String[] with(String[] shell, String script) {
        return java.util.stream.Stream.concat(List.of(shell).stream(), java.util.stream.Stream.of(script))
                .toArray(String[]::new);
    }

    private static boolean has(int withinSeconds, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(withinSeconds, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return false;
        }
        return process.exitValue() == 0;
    }
}
