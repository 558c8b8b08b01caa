package dev.holdfast.shim.mysql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.shim.restore.RestoreFailedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Views, routines, triggers and events as the last part of a database's script: plain SQL for the mysql client, and before each of them a
 * comment line of JSON that says where in it the statement lies, so that it can be read back without reading SQL.
 */
final class CodeScript {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HEADER = "-- holdfast ";
    private static final String END = "-- End of views, routines, triggers and events\n";

    private CodeScript() {}

    /** For a database of that collation. */
    static byte[] write(List<CodeObject> objects, String collation) {
        String delimiter = unused(objects);
        StringBuilder script = new StringBuilder("\n-- Views, routines, triggers and events\n\n");
        script.append("SET NAMES utf8mb4;\nDELIMITER ").append(delimiter).append('\n');
        StringBuilder before = new StringBuilder();
        for (CodeObject object : objects) {
            if (object.kind() == CodeObject.Kind.VIEW && !object.broken()) {
                append(before, object.placeholder(), delimiter);
            }
        }
        for (CodeObject object : objects) {
            object.before(collation).forEach(statement -> append(before, statement, delimiter));
            // The verb of a view differs from what SHOW CREATE gave, so the length is that of what stands here.
            StringBuilder after = new StringBuilder("\n").append(delimiter).append('\n');
            object.after(collation).forEach(statement -> append(after, statement, delimiter));
            script.append(HEADER)
                    .append(MysqlSession.latin(
                            header(object, before.length(), object.make().length(), after.length())))
                    .append('\n');
            script.append(before).append(object.make()).append(after);
            before.setLength(0);
        }
        return script.append("DELIMITER ;\n").append(END).toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Throws {@link RestoreFailedException} when the script is not whole. */
    static List<CodeObject> read(byte[] bytes) throws RestoreFailedException {
        String script = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!script.endsWith(END)) {
            throw new RestoreFailedException("the views, routines, triggers and events of the snapshot are not whole");
        }
        List<CodeObject> objects = new ArrayList<>();
        int at = script.indexOf("\n" + HEADER);
        while (at >= 0) {
            int line = at + 1 + HEADER.length();
            int body = script.indexOf('\n', line) + 1;
            JsonNode header;
            try {
                header = JSON.readTree(MysqlSession.text(script.substring(line, body)));
            } catch (IOException e) {
                throw new RestoreFailedException("a view, routine, trigger or event of the snapshot is damaged", e);
            }
            int from = body + header.path("before").asInt();
            int to = from + header.path("length").asInt();
            objects.add(object(header, script.substring(from, to)));
            int next = to + header.path("after").asInt();
            // The line before a header is always a delimiter's, so its newline is there.
            at = script.startsWith(HEADER, next) ? next - 1 : -1;
        }
        return objects;
    }

    private static CodeObject object(JsonNode header, String made) {
        CodeObject.Kind kind = CodeObject.Kind.of(header.path("kind").asText());
        List<String> columns = new ArrayList<>();
        header.path("columns").forEach(column -> columns.add(column.asText()));
        return new CodeObject(
                kind,
                header.path("name").asText(),
                header.path("table").asText(),
                columns,
                header.path("sqlMode").asText(),
                header.path("client").asText(),
                header.path("connection").asText(),
                header.path("databaseCollation").asText(),
                header.path("timeZone").asText(),
                kind == CodeObject.Kind.VIEW ? "CREATE" + made.substring("CREATE OR REPLACE".length()) : made);
    }

    private static String header(CodeObject object, int before, int length, int after) {
        ObjectNode header = JSON.createObjectNode();
        header.put("kind", object.kind().words()).put("name", object.name()).put("table", object.table());
        object.columns().forEach(header.putArray("columns")::add);
        header.put("sqlMode", object.sqlMode())
                .put("client", object.client())
                .put("connection", object.connection())
                .put("databaseCollation", object.databaseCollation())
                .put("timeZone", object.timeZone())
                .put("before", before)
                .put("length", length)
                .put("after", after);
        return header.toString();
    }

    private static void append(StringBuilder script, String statement, String delimiter) {
        script.append(statement).append('\n').append(delimiter).append('\n');
    }

    /** Not secret, only not in any of the texts; the same texts give the same one, so that they deduplicate. */
    private static String unused(List<CodeObject> objects) {
        String delimiter = "//";
        while (true) {
            String candidate = delimiter;
            if (objects.stream().noneMatch(object -> object.statement().contains(candidate))) {
                return candidate;
            }
            byte[] random = new byte[5];
            ThreadLocalRandom.current().nextBytes(random);
            delimiter = "//" + HexFormat.of().formatHex(random);
        }
    }
}
