package dev.holdfast.core.storage.gdrive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Drive and a token server on a loopback port, written from the published API. It is strict: what it does not know it
 * refuses, as parameters, fields and searches; and what the real ones refuse it refuses too.
 */
final class StandInServer implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern BOUNDARY = Pattern.compile("multipart/related; boundary=\"?([^\";]+)\"?");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

    static {
        System.setProperty("sun.net.httpserver.nodelay", "true"); // else each answer waits 40 ms for an acknowledgement
    }

    final StandInDrive drive = new StandInDrive();
    final UploadSessions uploads = new UploadSessions(drive);
    final StandInTokens tokens = new StandInTokens();
    final Script script = new Script();
    final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile boolean spoilUploads;
    private HttpServer server;

    StandInServer() throws IOException {
        server = start(0);
    }

    private HttpServer start(int port) throws IOException {
        HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        started.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        started.createContext("/", this::handle);
        started.start();
        return started;
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    void restart() throws IOException {
        int port = address().getPort();
        server.stop(0);
        server = start(port);
    }

    static DriveCalls.Endpoints endpoints(InetSocketAddress address) {
        String base = "http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + "/";
        return new DriveCalls.Endpoints(URI.create(base), URI.create(base + "token"));
    }

    /** From now on keeps other bytes than it got. */
    void spoilUploads() {
        spoilUploads = true;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            try {
                answer(exchange, body);
            } catch (Refusal refusal) {
                refusal.headers().forEach(exchange.getResponseHeaders()::set);
                send(exchange, refusal.status(), refusal.json());
            }
        }
    }

    private void answer(HttpExchange exchange, byte[] body) throws IOException, Refusal {
        String path = exchange.getRequestURI().getPath();
        String line = exchange.getRequestMethod() + " " + path;
        script.refuse(line);
        if (path.equals("/token")) {
            StandInTokens.Answer answer = tokens.answer(form(new String(body, UTF_8)));
            send(exchange, answer.status(), answer.json());
            return;
        }
        tokens.require(exchange.getRequestHeaders().getFirst("Authorization"));
        Optional<String> page = script.page();
        if (page.isPresent()) {
            byte[] html = page.get().getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, html.length);
            exchange.getResponseBody().write(html);
            return;
        }
        script.arrived(line);
        Map<String, String> query =
                form(Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""));
        String id = path.substring(path.lastIndexOf('/') + 1);
        switch (line.replace(id.equals("files") ? "//" : "/files/" + id, "/files/ID")) {
            case "GET /drive/v3/files" -> list(exchange, query);
            case "POST /drive/v3/files" -> {
                only(query, "fields", "supportsAllDrives");
                reply(exchange, query, create(JSON.readTree(body), new byte[0]));
            }
            case "GET /drive/v3/files/ID" -> {
                only(query, "fields", "supportsAllDrives");
                reply(exchange, query, drive.known(id));
            }
            case "DELETE /drive/v3/files/ID" -> {
                only(query, "supportsAllDrives");
                drive.delete(id);
                exchange.sendResponseHeaders(204, -1);
            }
            case "GET /download/drive/v3/files/ID" -> download(exchange, query, drive.known(id));
            case "POST /upload/drive/v3/files" ->
                upload(exchange, query, body, metadata -> content -> create(metadata, content));
            case "PATCH /upload/drive/v3/files/ID" -> {
                drive.known(id);
                upload(exchange, query, body, metadata -> content -> drive.update(id, content));
            }
            case "PUT /upload/drive/v3/files", "PUT /upload/drive/v3/files/ID" -> piece(exchange, query, body);
            default -> throw new Refusal(404, "notFound", "no such method: " + line);
        }
    }

    private void list(HttpExchange exchange, Map<String, String> query) throws IOException, Refusal {
        only(
                query,
                "q",
                "spaces",
                "pageSize",
                "pageToken",
                "fields",
                "corpora",
                "driveId",
                "supportsAllDrives",
                "includeItemsFromAllDrives");
        if (query.containsKey("driveId") != query.getOrDefault("corpora", "").equals("drive")) {
            throw Refusal.invalid(
                    "corpora", "The driveId parameter must be specified if and only if corpora is drive.");
        }
        int pageSize = Integer.parseInt(query.getOrDefault("pageSize", "100"));
        if (pageSize < 1 || pageSize > 1000) {
            throw Refusal.invalid(
                    "pageSize", "Invalid value '" + pageSize + "'. Values must be within the range: [1, 1000]");
        }
        StandInDrive.Found found =
                drive.list(query.getOrDefault("q", ""), pageSize, Optional.ofNullable(query.get("pageToken")));
        List<Map<String, Object>> files = new ArrayList<>();
        for (StandInFile file : found.files()) {
            if (file.driveId().equals(query.getOrDefault("driveId", ""))) {
                files.add(file.json(drive.isTrashed(file)));
            }
        }
        Map<String, Object> top = new HashMap<>(Map.of("incompleteSearch", false));
        found.next().ifPresent(token -> top.put("nextPageToken", token));
        script.done("GET /drive/v3/files");
        send(exchange, 200, FieldMask.ofList(query.getOrDefault("fields", ""), top, files));
    }

    private StandInFile create(JsonNode metadata, byte[] content) throws Refusal {
        List<String> parents = new ArrayList<>();
        metadata.path("parents").forEach(parent -> parents.add(parent.asText()));
        return drive.create(
                metadata.path("name").asText("Untitled"),
                metadata.path("mimeType").asText("application/octet-stream"),
                parents,
                content);
    }

    private void download(HttpExchange exchange, Map<String, String> query, StandInFile file)
            throws IOException, Refusal {
        only(query, "alt", "supportsAllDrives");
        if (file.isFolder() || !query.getOrDefault("alt", "").equals("media")) {
            throw new Refusal(403, "fileNotDownloadable", "Only files with binary content can be downloaded.");
        }
        byte[] all = file.content();
        Matcher range =
                RANGE.matcher(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"))
                        .orElse(""));
        int from = 0;
        int to = all.length;
        if (range.matches()) {
            long wanted = Long.parseLong(range.group(1));
            if (wanted >= all.length) {
                throw new Refusal(416, "requestedRangeNotSatisfiable", "Request range not satisfiable");
            }
            from = (int) wanted;
            to = range.group(2).isEmpty() ? to : (int) Math.min(to, Long.parseLong(range.group(2)) + 1);
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + all.length);
        }
        exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
        exchange.sendResponseHeaders(range.matches() ? 206 : 200, to == from ? -1 : to - from);
        exchange.getResponseBody().write(all, from, to - from);
    }

    /** What a new upload will do, once its metadata is known. */
    private interface Plan {
        UploadSessions.Commit with(JsonNode metadata);
    }

    private void upload(HttpExchange exchange, Map<String, String> query, byte[] body, Plan plan)
            throws IOException, Refusal {
        only(query, "uploadType", "fields", "supportsAllDrives");
        String type = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type"))
                .orElse("");
        switch (query.getOrDefault("uploadType", "")) {
            case "multipart" -> {
                Matcher boundary = BOUNDARY.matcher(type);
                if (!boundary.matches()) {
                    throw new Refusal(400, "badContent", "Missing multipart boundary.");
                }
                String[] parts = new String(body, ISO_8859_1).split(Pattern.quote("--" + boundary.group(1)), -1);
                if (parts.length != 4 || !parts[3].startsWith("--")) {
                    throw new Refusal(400, "badContent", "Malformed multipart body.");
                }
                JsonNode metadata = JSON.readTree(content(parts[1]));
                reply(exchange, query, plan.with(metadata).with(spoiled(content(parts[2]))));
            }
            case "resumable" -> {
                int bytes = Integer.parseInt(exchange.getRequestHeaders().getFirst("X-Upload-Content-Length"));
                UploadSessions.Commit commit = plan.with(JSON.readTree(body.length == 0 ? "{}".getBytes(UTF_8) : body));
                String id = uploads.begin(bytes, content -> commit.with(spoiled(content)));
                exchange.getResponseHeaders()
                        .set(
                                "Location",
                                "http://" + exchange.getRequestHeaders().getFirst("Host") + exchange.getRequestURI()
                                        + "&upload_id=" + id);
                exchange.sendResponseHeaders(200, -1);
            }
            default -> throw Refusal.invalid("uploadType", "Invalid upload type.");
        }
    }

    private byte[] spoiled(byte[] content) {
        if (spoilUploads && content.length > 0) {
            content[content.length / 2] ^= 1;
        }
        return content;
    }

    /** The bytes of one part of a multipart body, after its headers and before the line end that belongs to the boundary. */
    private static byte[] content(String part) {
        int start = part.indexOf("\r\n\r\n") + 4;
        return part.substring(start, part.length() - 2).getBytes(ISO_8859_1);
    }

    private void piece(HttpExchange exchange, Map<String, String> query, byte[] body) throws IOException, Refusal {
        UploadSessions.Progress progress = uploads.piece(
                query.getOrDefault("upload_id", ""),
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Range"))
                        .orElse(""),
                body);
        if (!progress.finished().isEmpty()) {
            reply(exchange, query, progress.finished().getFirst());
            return;
        }
        if (progress.received() > 0) {
            exchange.getResponseHeaders().set("Range", "bytes=0-" + (progress.received() - 1));
        }
        exchange.sendResponseHeaders(308, -1);
    }

    private void reply(HttpExchange exchange, Map<String, String> query, StandInFile file) throws IOException, Refusal {
        script.done(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
        boolean allDrives = query.getOrDefault("supportsAllDrives", "false").equals("true");
        if (!file.driveId().isEmpty() && !allDrives) {
            throw Refusal.notFound(file.id());
        }
        send(exchange, 200, FieldMask.ofFile(query.getOrDefault("fields", ""), file.json(drive.isTrashed(file))));
    }

    private static void send(HttpExchange exchange, int status, Map<String, Object> json) throws IOException {
        byte[] body = JSON.writeValueAsBytes(json);
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static void only(Map<String, String> query, String... known) throws Refusal {
        Set<String> unknown = new java.util.TreeSet<>(query.keySet());
        unknown.removeAll(Set.of(known));
        if (!unknown.isEmpty()) {
            throw new Refusal(400, "badRequest", "Unknown parameters " + unknown);
        }
    }

    private static Map<String, String> form(String text) {
        Map<String, String> form = new HashMap<>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.put(
                        URLDecoder.decode(pair.substring(0, equals), UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), UTF_8));
            }
        }
        return form;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
