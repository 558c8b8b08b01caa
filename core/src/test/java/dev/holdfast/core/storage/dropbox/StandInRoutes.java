package dev.holdfast.core.storage.dropbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The routes of {@code /2/files} that the driver uses, written from the API specification (files.stone). */
final class StandInRoutes {
    private static final int MAX_ENTRIES = 2_000;
    private static final Pattern PATH = Pattern.compile("(/(.|[\\r\\n])*)|(ns:[0-9]+(/.*)?)|(id:.*)");

    private final StandInFiles files;
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final Map<String, List<ObjectNode>> cursors = new ConcurrentHashMap<>();
    long maxUploadBytes = 150L * 1024 * 1024;

    private static final class Session {
        final ByteArrayOutputStream content = new ByteArrayOutputStream();
        boolean closed;
    }

    StandInRoutes(StandInFiles files) {
        this.files = files;
    }

    /** Invalidates every cursor that was given out. */
    void resetCursors() {
        cursors.clear();
    }

    /** Routes with their argument in a header and content in the body. */
    JsonNode upload(String route, JsonNode arg, byte[] content) throws Refused {
        if (content.length > maxUploadBytes) {
            throw Refused.route("payload_too_large");
        }
        return switch (route) {
            case "/2/files/upload" -> single(arg, content);
            case "/2/files/upload_session/start" -> start(arg, content);
            case "/2/files/upload_session/append_v2" -> append(arg, content);
            case "/2/files/upload_session/finish" -> finish(arg, content);
            default -> throw new Refused(404, Map.of(), "unknown route " + route);
        };
    }

    /** Routes with JSON both ways. */
    JsonNode call(String route, JsonNode arg) throws Refused {
        return switch (route) {
            case "/2/files/get_metadata" -> getMetadata(arg);
            case "/2/files/list_folder" -> listFolder(arg);
            case "/2/files/list_folder/continue" -> next(arg);
            case "/2/files/delete_v2" -> delete(arg);
            default -> throw new Refused(404, Map.of(), "unknown route " + route);
        };
    }

    private JsonNode single(JsonNode arg, byte[] content) throws Refused {
        requireFields(
                arg,
                Set.of("path", "mode", "autorename", "mute", "strict_conflict", "client_modified", "content_hash"));
        requireHash(arg, content, "content_hash_mismatch");
        try {
            return files.commit(commit(arg), content);
        } catch (StandInFiles.Conflict e) {
            throw Refused.route(
                    "path/" + e.tags(),
                    "{\".tag\":\"path\",\"reason\":" + Refused.union(e.tags()) + ",\"upload_session_id\":\"s\"}");
        }
    }

    private static StandInFiles.Commit commit(JsonNode arg) throws Refused {
        JsonNode mode = arg.path("mode");
        return new StandInFiles.Commit(
                path(arg),
                mode.isObject() ? mode.path(".tag").asText() : mode.asText("add"),
                arg.path("autorename").asBoolean(),
                arg.path("strict_conflict").asBoolean());
    }

    private JsonNode start(JsonNode arg, byte[] content) throws Refused {
        requireFields(arg, Set.of("close", "session_type", "content_hash"));
        requireHash(arg, content, "content_hash_mismatch");
        Session session = new Session();
        session.content.writeBytes(content);
        session.closed = arg.path("close").asBoolean();
        String id = "pid_upload_session:" + UUID.randomUUID();
        sessions.put(id, session);
        return StandInFiles.JSON.createObjectNode().put("session_id", id);
    }

    private JsonNode append(JsonNode arg, byte[] content) throws Refused {
        requireFields(arg, Set.of("cursor", "close", "content_hash"));
        requireHash(arg, content, "content_hash_mismatch");
        Session session = session(arg, "");
        if (session.closed) {
            throw Refused.route("closed");
        }
        session.content.writeBytes(content);
        session.closed = arg.path("close").asBoolean();
        return StandInFiles.JSON.nullNode();
    }

    private JsonNode finish(JsonNode arg, byte[] content) throws Refused {
        requireFields(arg, Set.of("cursor", "commit", "content_hash"));
        requireFields(
                arg.path("commit"), Set.of("path", "mode", "autorename", "mute", "strict_conflict", "client_modified"));
        requireHash(arg, content, "content_hash_mismatch");
        Session session = session(arg, "lookup_failed/");
        session.content.writeBytes(content);
        try {
            ObjectNode stored = files.commit(commit(arg.path("commit")), session.content.toByteArray());
            sessions.remove(arg.path("cursor").path("session_id").asText());
            return stored;
        } catch (StandInFiles.Conflict e) {
            throw Refused.route("path/" + e.tags());
        }
    }

    private Session session(JsonNode arg, String wrapped) throws Refused {
        JsonNode cursor = arg.path("cursor");
        requireFields(cursor, Set.of("session_id", "offset"));
        Session session = sessions.get(cursor.path("session_id").asText());
        if (session == null) {
            throw Refused.route(wrapped + "not_found");
        }
        int has = session.content.size();
        if (cursor.path("offset").asLong(-1) != has) {
            String error = "{\".tag\":\"incorrect_offset\",\"correct_offset\":" + has + "}";
            throw Refused.route(
                    wrapped + "incorrect_offset",
                    wrapped.isEmpty() ? error : "{\".tag\":\"lookup_failed\",\"lookup_failed\":" + error + "}");
        }
        return session;
    }

    private static void requireHash(JsonNode arg, byte[] content, String tag) throws Refused {
        String told = arg.path("content_hash").asText("");
        if (!told.isEmpty() && !told.equals(StandInFiles.contentHash(content))) {
            throw Refused.route(tag);
        }
    }

    /** The file of a download. */
    StandInFiles.Entry file(JsonNode arg) throws Refused {
        requireFields(arg, Set.of("path", "rev"));
        StandInFiles.Entry entry = entry(path(arg), "path/");
        if (entry.isFolder()) {
            throw Refused.route("path/not_file");
        }
        return entry;
    }

    private StandInFiles.Entry entry(String path, String prefix) throws Refused {
        Optional<String> fault = StandInFiles.fault(path).filter("malformed_path"::equals);
        if (fault.isPresent()) {
            throw Refused.route(prefix + fault.get());
        }
        return files.find(path).orElseThrow(() -> Refused.route(prefix + "not_found"));
    }

    private JsonNode getMetadata(JsonNode arg) throws Refused {
        requireFields(
                arg, Set.of("path", "include_media_info", "include_deleted", "include_has_explicit_shared_members"));
        String path = path(arg);
        return files.metadata(path, entry(path, "path/"));
    }

    private JsonNode listFolder(JsonNode arg) throws Refused {
        requireFields(
                arg,
                Set.of(
                        "path",
                        "recursive",
                        "limit",
                        "include_media_info",
                        "include_deleted",
                        "include_has_explicit_shared_members",
                        "include_mounted_folders",
                        "include_non_downloadable_files",
                        "include_restorable_info"));
        int limit = arg.path("limit").asInt(MAX_ENTRIES);
        if (limit < 1 || limit > MAX_ENTRIES) {
            throw Refused.badRequest("limit: " + limit + " is not within 1 and " + MAX_ENTRIES);
        }
        String path = arg.path("path").asText("/");
        if (path.equals("/")) {
            throw Refused.badRequest("path: specify the root folder as an empty string rather than as \"/\"");
        }
        if (!path.isEmpty() && !entry(path(arg), "path/").isFolder()) {
            throw Refused.route("path/not_folder");
        }
        if (!arg.path("recursive").asBoolean()) {
            throw Refused.badRequest("the stand-in lists recursively only");
        }
        return page(files.below(path), limit);
    }

    private JsonNode page(List<ObjectNode> all, int limit) {
        ObjectNode page = StandInFiles.JSON.createObjectNode();
        ArrayNode entries = page.putArray("entries");
        int count = Math.min(limit, all.size());
        all.subList(0, count).forEach(entries::add);
        String cursor = UUID.randomUUID().toString();
        cursors.put(cursor, new ArrayList<>(all.subList(count, all.size())));
        return page.put("cursor", cursor).put("has_more", count < all.size());
    }

    private JsonNode next(JsonNode arg) throws Refused {
        requireFields(arg, Set.of("cursor"));
        List<ObjectNode> rest = cursors.remove(arg.path("cursor").asText());
        if (rest == null) {
            throw Refused.route("reset");
        }
        return page(rest, MAX_ENTRIES);
    }

    private JsonNode delete(JsonNode arg) throws Refused {
        requireFields(arg, Set.of("path", "parent_rev"));
        String path = path(arg);
        StandInFiles.Entry entry = entry(path, "path_lookup/");
        if (arg.has("parent_rev") && !arg.path("parent_rev").asText().equals(entry.rev())) {
            throw Refused.route("path_write/conflict/file");
        }
        ObjectNode deleted = StandInFiles.JSON.createObjectNode();
        deleted.set("metadata", files.metadata(path, entry));
        files.remove(path);
        return deleted;
    }

    private static String path(JsonNode arg) throws Refused {
        String path = arg.path("path").asText("");
        if (!PATH.matcher(path).matches()) {
            throw Refused.badRequest("path: '" + path + "' did not match pattern");
        }
        return path;
    }

    private static void requireFields(JsonNode arg, Set<String> known) throws Refused {
        if (!arg.isObject()) {
            throw Refused.badRequest("expected object");
        }
        for (Map.Entry<String, JsonNode> field : arg.properties()) {
            if (!known.contains(field.getKey())) {
                throw Refused.badRequest("unknown field '" + field.getKey() + "'");
            }
        }
    }
}
