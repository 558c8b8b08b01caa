package dev.holdfast.core.storage.gdrive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The fields parameter: {@code a,b,list(c,d)}. What it does not name is left out of the answer; unknown names are refused. */
final class FieldMask {
    private static final Set<String> FILE = Set.of(
            "kind",
            "id",
            "name",
            "mimeType",
            "parents",
            "createdTime",
            "modifiedTime",
            "trashed",
            "driveId",
            "size",
            "md5Checksum",
            "sha256Checksum");
    private static final List<String> UNASKED = List.of("kind", "id", "name", "mimeType");

    private FieldMask() {}

    static Map<String, Object> ofFile(String fields, Map<String, Object> file) throws Refusal {
        List<String> wanted = fields.isEmpty() ? UNASKED : List.of(fields.split(",", -1));
        Map<String, Object> answer = new LinkedHashMap<>();
        for (String field : wanted) {
            if (!FILE.contains(field)) {
                throw Refusal.invalid("fields", "Invalid field selection " + field);
            }
            if (file.containsKey(field)) {
                answer.put(field, file.get(field));
            }
        }
        return answer;
    }

    static Map<String, Object> ofList(String fields, Map<String, Object> top, List<Map<String, Object>> files)
            throws Refusal {
        int open = fields.indexOf("files(");
        if (open < 0 || !fields.endsWith(")")) {
            throw Refusal.invalid("fields", "Invalid field selection " + fields);
        }
        String inner = fields.substring(open + "files(".length(), fields.length() - 1);
        List<Map<String, Object>> masked = new ArrayList<>();
        for (Map<String, Object> file : files) {
            masked.add(ofFile(inner, file));
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("files", masked);
        for (String field : fields.substring(0, open).split(",", -1)) {
            if (!field.isEmpty() && !Set.of("nextPageToken", "incompleteSearch").contains(field)) {
                throw Refusal.invalid("fields", "Invalid field selection " + field);
            }
            if (top.containsKey(field)) {
                answer.put(field, top.get(field));
            }
        }
        return answer;
    }
}
