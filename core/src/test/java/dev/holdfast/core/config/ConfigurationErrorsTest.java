package dev.holdfast.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of a wrong file, and where. */
class ConfigurationErrorsTest {
    private static final String STORAGES =
            "storages: {nas: {type: local, path: /mnt/nas}, two: {type: local, path: /b},"
                    + " mine: {type: minio, endpoint: 'https://m', bucket: bbb, access-key-id: a, secret-key: env:S}}\n"
                    + "repositories: {default: {storage: nas}, two: {storage: two}}\n";

    /** A file whose service {@code s} has these lines more, from line 5 on. */
    private static String service(String... lines) {
        StringBuilder text = new StringBuilder(STORAGES + "services:\n  s:\n");
        for (String line : lines) {
            text.append("    ").append(line).append('\n');
        }
        if (!text.toString().contains("    sources:")) {
            text.append("    sources: [discover]\n");
        }
        return text + "  other: {sources: [{volume: v}], repository: two, copies: [{storage: mine, prefix: other}]}\n";
    }

    @Test
    void everyErrorIsToldAtOnceWithItsPlace() {
        String text = """
                storages:
                  bucket: {type: r2, bucket: UPPER, account: short, access-key-id: abc, secret-kee: env:X}
                  nas: {type: locl, path: /x}
                service:
                  shop: {}
                services:
                  shop:
                    sources: [{container: a}, {volumes: a}, {folder: [/etc]}]
                    tier: first
                    rpo: 5 hours
                    depends-on: [shop]
                    depends_on: [shpo]
                    retention: {daily: -1, week: 3}
                    schedule: {zone: Europe/Berln}
                limits: {host: 0}
                """;
        assertThat(Examples.problems(text))
                .containsExactly(
                        "f:1:1: there are several storages: say under repositories which one holds the backups,"
                                + " for example  default: {storage: bucket}",
                        "f:2:11: storages.bucket: key secret-key is missing",
                        "f:2:73: storages.bucket: unknown key secret-kee; did you mean secret-key?",
                        "f:3:15: storages.nas.type: there is no storage type locl; did you mean local?",
                        "f:4:1: unknown key service; did you mean services?",
                        "f:8:31: services.shop.sources[1]: is called a as services.shop.sources[0] is: give one of them"
                                + " another name",
                        "f:8:45: services.shop.sources[2]: one of the keys discover, container, volumes, volume, folders,"
                                + " command must say what to back up; did you mean folders?",
                        "f:9:11: services.shop.tier: must be a whole number from 1 to 9, not text",
                        "f:10:10: services.shop.rpo: must be a length of time like 30m, 24h, 7d or 1d12h",
                        "f:11:5: services.shop: unknown key depends-on; did you mean depends_on?",
                        "f:12:18: services.shop.depends_on[0]: there is no service shpo; did you mean shop?",
                        "f:13:24: services.shop.retention.daily: must be a whole number from 0 to 100000",
                        "f:13:28: services.shop.retention: unknown key week; did you mean weekly?",
                        "f:14:15: services.shop.schedule: key cron is missing",
                        "f:14:22: services.shop.schedule.zone: there is no time zone Europe/Berln; did you mean"
                                + " Europe/Berlin?",
                        "f:15:16: limits.host: must be a whole number from 1 to 1000");
    }

    @Test
    void allThatIsWrongWithAStorageIsToldByTheCodeThatOpensIt() {
        String text = """
                storages:
                  bucket: {type: r2, bucket: UPPER, account: short, access-key-id: abc, secret-key: env:X, limit: fast}
                  box: {type: sftp, host: "a b", user: u, port: 99999, connections: 99, password: env:X}
                  rel: {type: local, path: backups}
                repositories: {default: {storage: bucket}, b: {storage: box}, c: {storage: rel}}
                services: {s: {sources: [discover]}}
                """;
        assertThat(Examples.problems(text))
                .containsExactly(
                        "f:2:30: storages.bucket.bucket: bucket \"UPPER\": 3 to 63 lower-case letters, digits, dots and"
                                + " hyphens are allowed",
                        "f:2:46: storages.bucket.account: Cloudflare R2: the account id must look like [0-9a-f]{32}",
                        "f:2:99: storages.bucket.limit: rate limit \"fast\" must look like 20MB/s or 1.5MiB/s",
                        "f:3:8: storages.box: setting fingerprint or known-hosts is needed: the server's host key must be"
                                + " known",
                        "f:4:28: storages.rel.path: local storage needs an absolute folder, not \"backups\"");
    }

    @Test
    void aSecretInPlainTextIsRefusedAndNeverRepeated() {
        String text = """
                storages:
                  b: {type: b2, bucket: backups, region: eu-central-003, access-key-id: abc, secret-key: hunter2}
                services: {s: {sources: [discover]}}
                notifications:
                  - {webhook: "https://hooks.example/hunter2"}
                  - {mail: m, from: a@b, to: [c@d], user: u, password: hunter2}
                  - {ping: [hunter2]}
                """;
        List<String> problems = Examples.problems(text);
        assertThat(problems)
                .containsExactly(
                        "f:2:90: storages.b.secret-key: must be env:NAME or file:/path: secrets do not stand in this file",
                        "f:5:15: notifications[0].webhook: must be env:NAME or file:/path: secrets do not stand in this"
                                + " file",
                        "f:6:56: notifications[1].password: must be env:NAME or file:/path: secrets do not stand in this"
                                + " file",
                        "f:7:12: notifications[2].ping: must be text or a number, not a list");
        assertThat(problems.toString()).doesNotContain("hunter2");
    }

    @Test
    void secretsAreNotInWhatIsSaidOfTextThatIsNoYaml() {
        for (String rest : List.of(
                "secret-key: hunter2: x",
                "secret-key: *hunter2",
                "secret-key: 'hunter2",
                "hunter2",
                "!hunter2 x",
                "secret-key: \"hunter2\\q\"",
                "secret-key: |hunter2",
                "%hunter2",
                "secret-key: @hunter2",
                "&hunter2")) {
            String text = "storages:\n  b:\n    type: b2\n    " + rest + "\nservices: {}\n";
            assertThat(Examples.problems(text)).as(rest).isNotEmpty();
            assertThat(Examples.problems(text).toString()).as(rest).doesNotContain("hunter2");
        }
    }

    @Test
    void circlesOfDependenciesAreToldOnce() {
        String text = STORAGES + """
                services:
                  a: {sources: [{volume: a}], depends_on: [b]}
                  b: {sources: [{volume: b}], depends_on: [c, d], repository: two}
                  c: {sources: [{volume: c}], depends_on: [a]}
                  d: {sources: [{volume: d}], depends_on: [d]}
                """;
        assertThat(Examples.problems(text))
                .containsExactly(
                        "f:6:44: services.c.depends_on[0]: closes a circle: a needs b needs c needs a",
                        "f:7:44: services.d.depends_on[0]: closes a circle: d needs d");
    }

    @Test
    void copiesMustBeSomewhereElse() {
        String text = service(
                "copies:",
                "  - {storage: nas}",
                "  - {storage: nas, prefix: other}",
                "  - {storage: two}",
                "  - {storage: tow}",
                "  - {storage: two, prefix: x/, immutable: 30d}",
                "  - {storage: two, prefix: a/../b}");
        assertThat(Examples.problems(text))
                .containsExactly(
                        "f:6:9: services.s.copies[0]: is the repository itself, storage nas, and no copy of it",
                        "f:8:9: services.s.copies[2]: is the place of repository two: give the copy a prefix of its own",
                        "f:9:19: services.s.copies[3].storage: there is no storage tow; did you mean two?",
                        "f:10:47: services.s.copies[4].immutable: a storage of type local cannot lock what it holds: leave"
                                + " it out",
                        "f:11:32: services.s.copies[5].prefix: object key has an empty, . or .. part: \"a/../b\"");
    }

    @Test
    void twoRepositoriesAreNeverInOnePlace() {
        String text = """
                storages: {nas: {type: local, path: /x}}
                repositories: {a: {}, b: {storage: nas}, c: {prefix: c}, d: {prefix: c/}}
                services: {s: {sources: [discover], repository: a}, t: {sources: [{volume: t}]}}
                """;
        assertThat(Examples.problems(text))
                .containsExactly(
                        "f:2:26: repositories.b: is in the same place as repository a: give one of them a prefix of its own",
                        "f:2:61: repositories.d: is in the same place as repository c: give one of them a prefix of its"
                                + " own",
                        "f:3:56: services.t: key repository is missing; there is a, b, c, d");
    }

    @Test
    void whatIsOddIsAWarningAndTheFileIsUsed() {
        String text = """
                storages: {nas: {type: local, path: /x}, two: {type: local, path: /y}}
                repositories: {default: {storage: nas}}
                services: {s: {sources: [discover], rpo: 12h}}
                limits: {groups: {disk: 2}}
                """;
        assertThat(Examples.problems(text))
                .containsExactly(
                        "f:1:47: warning: storages.two: storage two is not used",
                        "f:3:42: warning: services.s.rpo: is shorter than the time between two runs, 24h: it will be missed",
                        "f:4:25: warning: limits.groups.disk: group disk is not used");
        assertThat(Examples.right(text).services()).containsKey("s");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sources: []|5:14: services.s.sources: must not be empty: discover takes every database",
                "sources: discover|5:14: services.s.sources: must be a list, not text",
                "sources: [discovr]|5:15: services.s.sources[0]: must be discover, or a mapping with one of the keys discover, container, volumes, volume, folders, command",
                "sources: [{container: a, volume: b}]|5:15: services.s.sources[0]: container and volume exclude each other: make a source of each",
                "sources: [{container: a, type: postgre}]|5:36: services.s.sources[0].type: there is no database type postgre; did you mean postgres?",
                "sources: [{volume: a, consistency: freeze}]|5:40: services.s.sources[0].consistency: must be one of none, pause, stop, not freeze",
                "sources: [{folders: [etc]}]|5:26: services.s.sources[0].folders[0]: must be an absolute folder without .., not etc",
                "sources: [{folders: [/a, /b]}]|5:15: services.s.sources[0]: several folders in one snapshot need a name: name",
                "sources: [{folders: [/a], one_file_system: yes}]|5:48: services.s.sources[0].one_file_system: must be true or false",
                "sources: [{command: [a, 1], name: x}]|5:29: services.s.sources[0].command[1]: must be text, not a number: put it in quotes",
                "sources: [{command: [a]}]|5:15: services.s.sources[0]: key name is missing",
                "sources: [{volume: a, name: 'a/b'}]|5:33: services.s.sources[0].name: source name must be 1 to 128 of A-Z a-z 0-9 . _ - and begin with a letter or digit",
                "sources: [discover, discover]|5:25: services.s.sources[1]: finds the same as services.s.sources[0]: say it once, or with other patterns",
                "sources: [{discover: {pattern: [a]}}]|5:27: services.s.sources[0].discover: unknown key pattern; did you mean patterns?",
                "copies: [{storage: mine, immutable: 1h}]|5:41: services.s.copies[0].immutable: must be a day or longer: storages lock by days",
                "copies: [{storage: mine, lock_mode: compliance}]|5:41: services.s.copies[0].lock_mode: means nothing without immutable",
                "tier: 10|5:11: services.s.tier: must be a whole number from 1 to 9",
                "rpo: 0h|5:10: services.s.rpo: must be more than nothing",
                "rto: 24|5:10: services.s.rto: must be text, not a number: put it in quotes",
                "repository: defualt|5:17: services.s.repository: there is no repository defualt; did you mean default?",
                "group: a b|5:12: services.s.group: must be 1 to 64 of A-Z a-z 0-9 . _ - and begin with a letter or digit",
                "hooks: {before: sync}|5:21: services.s.hooks.before: must be a list, not text",
                "retention: 0|5:16: services.s.retention: must be a whole number from 1 to 100000",
                "retention: {last: 0}|5:16: services.s.retention: a retention policy must keep something",
                "retention: {within: 5w}|5:25: services.s.retention.within: \"5w\" must be like 30d, 6m, 1y or 1y6m14d12h",
                "schedule: 0 2 * * * *|5:15: services.s.schedule: \"0 2 * * * *\" has 6 fields and not five (minute, hour, day of month, month, day of week): leave out the first, the seconds: \"2 * * * *\"",
                "schedule: {cron: '61 2 * * *'}|5:22: services.s.schedule.cron: the minute \"61\" is not a number from 0 to 59, a range (a-b), a step (*/n), a list of such (a,b) or *",
                "schedule: {cron: 0 2 30 2 *}|5:22: services.s.schedule.cron: \"0 2 30 2 *\" never comes: no month of it has a day 30",
                "schedule: {cron: '0 2 * * *', window: 2d}|5:43: warning: services.s.schedule.window: the window is longer than the time between two runs, 24h",
                "schedule: {cron: '0 2 * * *', window: long}|5:43: services.s.schedule.window: must be a length of time like 30m, 24h, 7d or 1d12h",
            })
    void wrongValuesAreToldWhereTheyStand(String line, String problem) {
        assertThat(Examples.problems(service(line))).containsExactly("f:" + problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   \n\n", "# nothing\n", "---\n", "null\n", "~"})
    void anEmptyFileIsToldSo(String text) {
        assertThat(Examples.problems(text)).containsExactly("f:1:1: the file is empty: it needs storages and services");
    }

    @Test
    void whatIsNoYamlIsToldWhere() {
        assertThat(Examples.problems("storages:\n\tnas: x\n  b: y\n\t\tc: z\n"))
                .containsExactly(
                        "f:2:1: a tab cannot indent in YAML: use spaces",
                        "f:4:1: a tab cannot indent in YAML: use spaces");
        assertThat(Examples.problems("storages: [a, b\nservices: x\n"))
                .hasSize(1)
                .allMatch(line -> line.startsWith("f:2:9: "));
        assertThat(Examples.problems("a: b: c\n"))
                .containsExactly(
                        "f:1:5: this is not YAML: a colon and space make a key, which cannot stand here; text that"
                                + " holds them needs quotes");
        assertThat(Examples.problems("a: 1\n---\nb: 2\n"))
                .containsExactly("f:2:1: a second document begins here: the configuration is one");
        assertThat(Examples.problems("a: 1\na: 2\n? [x]\n: 3\n<<: {b: 1}\n"))
                .contains(
                        "f:2:1: key a is there twice",
                        "f:3:3: a key must be a word, not a list",
                        "f:5:1: merge keys (<<) are not known; an alias stands for a whole value");
        assertThat(Examples.problems("a: !!int 3\n"))
                .contains("f:1:4: tags, which begin with !, mean nothing here; text that begins with ! needs quotes");
    }

    @Test
    void bytesThatAreNoTextAreToldWhere() {
        byte[] latin = "storages:\n  b\u00fccher: {}\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(Examples.FILE.parse(latin).problems())
                .extracting(problem -> problem.in("f"))
                .containsExactly("f:2:4: this is not UTF-8: save the file in that encoding");
        assertThat(Examples.problems("a: b\nc: \u0007\nd\u0000: e\n"))
                .containsExactly(
                        "f:2:4: character U+0007 cannot stand in YAML", "f:3:2: character U+0000 cannot stand in YAML");
        assertThat(Examples.problems("\ufeff" + Examples.text("ten-lines.yaml")))
                .isEmpty();
        assertThat(Examples.FILE.parse(new byte[10_000_000]).problems())
                .extracting(problem -> problem.in("f"))
                .containsExactly("f:1:1: the file is larger than 1024 KiB");
    }

    @Test
    void fewLinesCannotStandForBillions() {
        StringBuilder laughs = new StringBuilder("x-a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]\n");
        for (int level = 1; level < 10; level++) {
            String alias = "*a" + (level - 1);
            laughs.append("x-a%d: &a%d [%s]\n"
                    .formatted(level, level, String.join(", ", java.util.Collections.nCopies(10, alias))));
        }
        assertThat(Examples.problems(laughs.toString()))
                .containsExactly("f:5:47: with all aliases followed there are more than 100000 values");
        assertThat(Examples.problems("x-a: &a [*a]\n"))
                .containsExactly("f:1:10: this alias stands for something that holds it");
        assertThat(Examples.problems("x-a: *b\n")).containsExactly("f:1:6: there is no anchor of this name before it");
        assertThat(Examples.problems("x-a: " + "[".repeat(500_000)))
                .containsExactly("f:1:37: lists and mappings are nested deeper than 32 levels");
        assertThat(Examples.problems("x-a: " + "{a: ".repeat(100_000)))
                .containsExactly("f:1:127: lists and mappings are nested deeper than 32 levels");
    }

    @Test
    void aFileOfNothingButMistakesIsToldInPart() {
        StringBuilder text = new StringBuilder("services: {}\nstorages: {}\n");
        for (int line = 0; line < 5000; line++) {
            text.append("wrong").append(line).append(": 1\n");
        }
        assertThat(Examples.parse(text.toString()).problems())
                .hasSize(Problems.MOST + 1)
                .last()
                .extracting(ConfigurationProblem::message)
                .isEqualTo("only the first 500 problems are told");
    }
}
