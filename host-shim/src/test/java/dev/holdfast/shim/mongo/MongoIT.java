package dev.holdfast.shim.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.ServerVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.holdfast.core.model.Secret;
import dev.holdfast.core.source.BackupSource;
import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.shim.database.DumpOptions;
import dev.holdfast.shim.docker.DockerEndpoint;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineException;
import dev.holdfast.shim.restore.RestoreFailedException;
import dev.holdfast.shim.restore.RestoreOptions;
import dev.holdfast.shim.restore.RestoreReport;
import dev.holdfast.shim.testing.Containers;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.bson.BsonDateTime;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.Code;
import org.bson.types.Decimal128;
import org.bson.types.MaxKey;
import org.bson.types.MinKey;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * The real tools in a container, against a server in Java on the host: it has no users, no oplog and no views. What needs those is in {@link
 * MongoRealIT}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class MongoIT {
    private static final String IMAGE = "holdfast-test/mongo-tools:1";
    private static final String ODD = "odd *näme \\ 日本.`touch pwned`; (1 document, 0 failures)";
    private static final String PASSWORD = "s3cret-in-no-list";

    private Engine engine;
    private Containers tools;
    private InetSocketAddress address;
    private MongoServer server;
    private MongoClient client;

    @BeforeAll
    void start() throws IOException {
        Containers.assumeImage(IMAGE);
        engine = Engine.connect(DockerEndpoint.of(System.getenv()));
        server = new MongoServer(new MemoryBackend().version(ServerVersion.MONGO_5_0));
        address = server.bind();
        client = MongoClients.create(uri());
        tools = tools(Map.of());
    }

    @AfterAll
    void remove() throws IOException {
        if (tools != null) {
            tools.close();
            client.close();
            server.shutdownNow();
            engine.close();
        }
    }

    @BeforeEach
    void fill() {
        drop();
        MongoCollection<Document> orders = collection("shop", "orders");
        List<Document> many = new ArrayList<>();
        for (int i = 0; i < 2500; i++) {
            many.add(new Document("_id", i).append("total", new Decimal128(i)).append("note", "note " + i));
        }
        orders.insertMany(many);
        orders.createIndex(new Document("total", 1).append("note", -1));
        collection("shop", "awkward").insertMany(awkward());
        collection("shop", ODD).insertOne(new Document("_id", "ünï").append("v", 1));
        collection("shop", "odd Xnäme").insertOne(new Document("_id", "no match of the asterisk"));
        client.getDatabase("shop").createCollection("empty");
        collection("other-db_日本", "t").insertOne(new Document("k", "v"));
    }

    @AfterEach
    void nothing_runs_on() {
        assertThat(tools.exec("sh", "-c", "cat /proc/[0-9]*/comm | grep -E '^mongo'")
                        .text())
                .isEmpty();
    }

    @Test
    void brings_back_everything_document_by_document() throws IOException {
        Map<String, List<Document>> before = state();
        Memory snapshot = backUp();
        assertThat(snapshot.consistency()).isEqualTo(BackupSource.Consistency.CRASH);
        assertThat(snapshot.warnings()).singleElement().asString().startsWith("the server has no oplog");
        assertThat(snapshot.evidence())
                .containsEntry("engine", "mongodb")
                .containsEntry("serverVersion", "5.0.0")
                .containsEntry("dumpVersion", "100.7.0")
                .containsEntry("oplog", false);
        assertThat(SavedArchive.of(snapshot.evidence()).documents())
                .isEqualTo(Map.of(
                        new Namespace("shop", "orders"), 2500L,
                        new Namespace("shop", "awkward"), (long) awkward().size(),
                        new Namespace("shop", ODD), 1L,
                        new Namespace("shop", "odd Xnäme"), 1L,
                        new Namespace("shop", "empty"), 0L,
                        new Namespace("other-db_日本", "t"), 1L));

        drop();
        collection("shop", "orders").insertOne(new Document("_id", "new and to be dropped"));
        collection("shop", "stays").insertOne(new Document("_id", 1));
        MongoRestore restore = prepare(snapshot, RestoreOptions.everything());
        assertThat(restore.plan())
                .anyMatch(line -> line.contains("cannot exchange databases"))
                .anyMatch(line -> line.startsWith("drop and load in database shop: ")
                        && line.contains("orders (2500 documents)"));
        assertThat(collection("shop", "orders").countDocuments()).isEqualTo(1);
        RestoreReport report = restore.run();
        assertThat(report.warnings()).isEmpty();
        assertThat(report.databases()).extracting(RestoreReport.Database::name).containsExactly("other-db_日本", "shop");
        assertThat(report.databases())
                .allSatisfy(database -> assertThat(database.tables())
                        .allSatisfy((name, rows) ->
                                assertThat(rows.agree()).as(name).isTrue()));

        assertThat(collection("shop", "stays").countDocuments()).isEqualTo(1);
        collection("shop", "stays").drop();
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void restores_one_collection_or_one_database_alone() throws IOException {
        Memory snapshot = backUp();
        Map<String, List<Document>> before = state();
        for (String name : List.of(ODD, "odd Xnäme", "orders")) {
            collection("shop", name).deleteMany(new Document());
        }
        collection("other-db_日本", "t").deleteMany(new Document());

        RestoreReport one = prepare(snapshot, RestoreOptions.everything().onlyTable("shop", ODD))
                .run();
        assertThat(one.databases())
                .containsExactly(new RestoreReport.Database("shop", Map.of(ODD, new RestoreReport.Rows(1, 1)), ""));
        assertThat(collection("shop", ODD).countDocuments()).isEqualTo(1);
        assertThat(collection("shop", "odd Xnäme").countDocuments()).isZero();
        assertThat(collection("shop", "orders").countDocuments()).isZero();

        prepare(snapshot, RestoreOptions.everything().onlyDatabase("shop")).run();
        assertThat(collection("other-db_日本", "t").countDocuments()).isZero();
        prepare(snapshot, RestoreOptions.everything().onlyDatabase("other-db_日本"))
                .run();
        assertThat(state()).isEqualTo(before);

        assertThatThrownBy(() -> prepare(snapshot, RestoreOptions.everything().onlyDatabase("nope")))
                .isInstanceOf(RestoreFailedException.class)
                .hasMessageContaining("other-db_日本, shop");
        assertThatThrownBy(() -> prepare(snapshot, RestoreOptions.everything().onlyTable("shop", "nope")))
                .isInstanceOf(RestoreFailedException.class);
        assertThatThrownBy(() -> prepare(snapshot, RestoreOptions.everything().keepingReplaced()))
                .isInstanceOf(RestoreFailedException.class)
                .hasMessageContaining("cannot keep");
    }

    @Test
    void what_a_label_leaves_out_is_not_in_the_archive_and_the_rest_comes_back() throws IOException {
        Map<String, List<Document>> before = state();
        byte[] all = backUp().archive();
        fillWide(3);
        try (Containers own = Containers.startWith(
                IMAGE,
                Map.of(),
                List.of(
                        "--network",
                        "host",
                        "--label",
                        MongoAddress.LABEL + "=" + uri(),
                        "--label",
                        "holdfast.exclude=shop,typo"),
                "sleep",
                "infinity")) {
            Memory snapshot;
            try (BackupSource source = new MongoType().open(engine, own.name(), DumpOptions.defaults())) {
                snapshot = Memory.drain(source);
            }
            assertThat(snapshot.warnings())
                    .hasSize(2)
                    .contains("label holdfast.exclude names database typo, which is not there");
            assertThat(snapshot.evidence()).containsEntry("excludedDatabases", List.of("shop"));
            assertThat(SavedArchive.of(snapshot.evidence()).documents())
                    .isEqualTo(Map.of(new Namespace("other-db_日本", "t"), 1L));
            assertThat(new String(snapshot.archive(), java.nio.charset.StandardCharsets.ISO_8859_1))
                    .doesNotContain("orders");
            assertThat(snapshot.archive().length).isLessThan(all.length / 10);
            collection("shop", "wide").drop();
            collection("other-db_日本", "t").deleteMany(new Document());
            prepare(snapshot, RestoreOptions.everything()).run();
        }
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void a_damaged_archive_changes_nothing() throws IOException {
        Memory snapshot = backUp();
        Map<String, List<Document>> before = state();
        byte[] whole = snapshot.archive();
        byte[] cut = Arrays.copyOf(whole, whole.length - 30);
        assertThatThrownBy(() -> prepare(snapshot.withArchive(cut), RestoreOptions.everything())
                        .run())
                .isInstanceOf(RestoreFailedException.class)
                .hasMessageContaining("nothing was changed");
        Memory other;
        collection("shop", "orders").deleteOne(new Document("_id", 5));
        try (BackupSource source = open()) {
            other = Memory.drain(source);
        }
        assertThatThrownBy(() -> prepare(snapshot.withArchive(other.archive()), RestoreOptions.everything())
                        .run())
                .isInstanceOf(RestoreFailedException.class)
                .hasMessageContaining("does not hold what was counted");
        collection("shop", "orders")
                .insertOne(new Document("_id", 5)
                        .append("total", new Decimal128(5))
                        .append("note", "note 5"));
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void a_dump_killed_in_the_middle_fails_and_goes_on_failing() throws IOException {
        fillWide(24);
        try (BackupSource source = open();
                InputStream in = source.next().orElseThrow().source().open()) {
            assertThat(in.readNBytes(100_000)).hasSize(100_000);
            assertThat(tools.exec("sh", "-c", KILL_DUMP).code()).isZero();
            assertThatThrownBy(in::readAllBytes).isInstanceOf(DumpFailedException.class);
            assertThatThrownBy(in::read).isInstanceOf(DumpFailedException.class);
            assertThatThrownBy(source::evidence).isInstanceOf(DumpFailedException.class);
        }
    }

    @Test
    void closing_early_ends_the_tool() throws IOException {
        fillWide(24);
        try (BackupSource source = open();
                InputStream in = source.next().orElseThrow().source().open()) {
            assertThat(in.readNBytes(100_000)).hasSize(100_000);
        }
    }

    @Test
    void a_dump_the_server_breaks_off_is_no_dump() throws IOException {
        // This server sends one reply of everything, and the tool takes none over 48 MB.
        fillWide(65);
        try (BackupSource source = open()) {
            assertThatThrownBy(() -> Memory.drain(source))
                    .isInstanceOf(DumpFailedException.class)
                    .hasMessageContaining("exit code 1");
        }
    }

    @Test
    void says_what_is_wrong_in_one_sentence() throws IOException {
        try (Containers bare = Containers.start(IMAGE, Map.of(), "sleep", "infinity")) {
            assertThat(bare.exec("rm", "/usr/local/bin/mongodump").code()).isZero();
            for (MongoSettings settings : List.of(
                    MongoSettings.fromContainer(),
                    MongoSettings.fromContainer().withUser("root").withPassword(Secret.of(PASSWORD)))) {
                assertThatThrownBy(() -> MongoSource.open(engine, bare.name(), settings))
                        .isInstanceOf(EngineException.ServiceRefused.class)
                        .hasMessageContaining("has no mongodump");
            }
        }
    }

    @Test
    void the_real_tool_reads_the_password_from_stdin_and_shows_it_nowhere() throws IOException {
        // The server knows no logins, so this is where it ends; that the tool asked stdin is what its log says.
        try (Containers named =
                tools(Map.of("MONGO_INITDB_ROOT_USERNAME", "root", "MONGO_INITDB_ROOT_PASSWORD", PASSWORD))) {
            assertThatThrownBy(() -> MongoSource.open(engine, named.name(), MongoSettings.fromContainer()))
                    .isInstanceOf(EngineException.ServiceRefused.class)
                    .hasMessageContaining("refused the password of user root")
                    .hasMessageNotContaining(PASSWORD);
        }
    }

    @Test
    void the_password_goes_before_the_archive_and_is_in_no_list() throws IOException {
        Map<String, List<Document>> before = state();
        try (Containers wrapped =
                tools(Map.of("MONGODB_ROOT_USER", "boss", "MONGODB_ROOT_PASSWORD_FILE", "/run/mongo-password"))) {
            wrapped.feed(PASSWORD + "\n", "sh", "-c", "cat >/run/mongo-password");
            for (String tool : List.of("mongodump", "mongorestore")) {
                // Stands for a tool that logs in: takes the first line of stdin as the real one does, notes what it was
                // told, and goes on without login.
                wrapped.feed(WRAPPER.replace("TOOL", tool), "sh", "-c", WRAP.replace("TOOL", tool));
            }
            fillWide(24);
            Memory snapshot;
            try (BackupSource source = MongoSource.open(engine, wrapped.name(), MongoSettings.fromContainer());
                    InputStream in = source.next().orElseThrow().source().open()) {
                assertThat(in.read()).isEqualTo(0x6d);
                assertThat(wrapped.top()).contains("mongodump").doesNotContain(PASSWORD);
                assertThat(wrapped.execs()).contains("mongodump").doesNotContain(PASSWORD);
            }
            collection("shop", "wide").drop();
            try (BackupSource source = MongoSource.open(engine, wrapped.name(), MongoSettings.fromContainer())) {
                snapshot = Memory.drain(source);
            }
            assertThat(snapshot.evidence()).containsEntry("user", "boss");
            drop();
            MongoRestore.prepare(
                            engine,
                            wrapped.name(),
                            MongoSettings.fromContainer(),
                            snapshot,
                            RestoreOptions.everything())
                    .run();
            assertThat(state()).isEqualTo(before);
            for (String tool : List.of("mongodump", "mongorestore")) {
                assertThat(wrapped.exec("cat", "/run/" + tool + "-password").text())
                        .isEqualTo(PASSWORD + "\n");
                assertThat(wrapped.exec("cat", "/run/" + tool + "-told").text())
                        .contains("--username=boss --authenticationDatabase=admin --archive")
                        .doesNotContain(PASSWORD);
            }
        }
    }

    private static final String KILL_DUMP =
            "for p in /proc/[0-9]*; do if [ \"$(cat $p/comm)\" = mongodump ]; then kill -9 ${p#/proc/}; fi; done 2>/dev/null; true";

    private static final String WRAP =
            "mv /usr/local/bin/TOOL /usr/local/bin/TOOL.real && cat >/usr/local/bin/TOOL && chmod 755 /usr/local/bin/TOOL";

    private static final String WRAPPER = """
            #!/bin/sh
            if [ "$1" = --version ]; then exec TOOL.real --version; fi
            IFS= read -r line
            printf '%s\\n' "$line" >/run/TOOL-password
            { echo "$@"; env | grep -v '^MONGODB_ROOT'; } >/run/TOOL-told
            for argument; do
              shift
              case "$argument" in --username=*|--authenticationDatabase=*) ;; *) set -- "$@" "$argument" ;; esac
            done
            exec TOOL.real "$@"
            """;

    private static List<Document> awkward() {
        return List.of(
                new Document("_id", new ObjectId("65f0c0ffee65f0c0ffee65f0"))
                        .append("date", new BsonDateTime(-1L))
                        .append("decimal", Decimal128.parse("-1.10E-6000"))
                        .append("nan", Double.NaN)
                        .append("infinite", Double.NEGATIVE_INFINITY)
                        .append("minusZero", -0.0)
                        .append("long", Long.MIN_VALUE)
                        .append("int", Integer.MAX_VALUE)
                        .append("null", null)
                        .append("yes", true),
                new Document("_id", new Document("a", 1).append("b", "x"))
                        .append("binary", new Binary((byte) 0x80, new byte[] {0, -1, 13, 10}))
                        .append("uuid", new Binary((byte) 4, new byte[16]))
                        .append("regex", java.util.regex.Pattern.quote("a.b"))
                        .append("code", new Code("function() { return '</script>'; }"))
                        .append("timestamp", new BsonTimestamp(7, 8))
                        .append("min", new MinKey())
                        .append("max", new MaxKey()),
                new Document("_id", "текст 日本 \u0000 \" ' $ \n")
                        .append("", "empty name")
                        .append(
                                "nested",
                                List.of(List.of(), new Document("deep", List.of(1, 2L, "3")), new Document())),
                new Document("_id", UUID.nameUUIDFromBytes(new byte[] {1}).toString())
                        .append("long text", "x".repeat(300_000)));
    }

    private void fillWide(int megabytes) {
        MongoCollection<Document> wide = collection("shop", "wide");
        byte[] bytes = new byte[1_000_000];
        for (int i = 0; i < megabytes; i++) {
            Arrays.fill(bytes, (byte) i);
            wide.insertOne(new Document("_id", i).append("bytes", bytes.clone()));
        }
    }

    /** Every document in order of _id's text, and every index, by collection. */
    private Map<String, List<Document>> state() {
        Map<String, List<Document>> state = new TreeMap<>();
        for (String database : client.listDatabaseNames()) {
            for (String name : client.getDatabase(database).listCollectionNames()) {
                List<Document> documents = collection(database, name).find().into(new ArrayList<>());
                documents.sort((a, b) -> String.valueOf(a.get("_id")).compareTo(String.valueOf(b.get("_id"))));
                state.put(database + "." + name, documents);
                state.put(
                        "indexes of " + database + "." + name,
                        collection(database, name).listIndexes().into(new ArrayList<>()));
            }
        }
        return state;
    }

    private void drop() {
        client.listDatabaseNames()
                .into(new ArrayList<>())
                .forEach(name -> client.getDatabase(name).drop());
    }

    private MongoCollection<Document> collection(String database, String name) {
        return client.getDatabase(database).getCollection(name);
    }

    private Memory backUp() throws IOException {
        try (BackupSource source = open()) {
            return Memory.drain(source);
        }
    }

    private BackupSource open() throws IOException {
        return new MongoType().open(engine, tools.name(), DumpOptions.defaults());
    }

    private MongoRestore prepare(Memory snapshot, RestoreOptions options) throws IOException {
        return MongoRestore.prepare(engine, tools.name(), MongoSettings.fromContainer(), snapshot, options);
    }

    private String uri() {
        return "mongodb://127.0.0.1:" + address.getPort();
    }

    private Containers tools(Map<String, String> environment) {
        Containers started = Containers.startWith(
                IMAGE,
                environment,
                List.of("--network", "host", "--label", MongoAddress.LABEL + "=" + uri()),
                "sleep",
                "infinity");
        return started.awaitSuccess(Duration.ofSeconds(20), "mongodump", "--version");
    }
}
