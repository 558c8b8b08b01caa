package dev.holdfast.core.repository;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Strict reading of the format's JSON: a field that is missing or of another type is an error that names it. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private final String what;
    private final JsonNode node;

    private Json(String what, JsonNode node) {
        this.what = what;
        this.node = node;
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree could not be written", e);
        }
    }

    static Json parse(String what, byte[] bytes) throws FormatException {
        try {
            JsonNode node = MAPPER.readTree(bytes);
            if (node == null || !node.isObject()) {
                throw new FormatException(what + ": not a JSON object");
            }
            return new Json(what, node);
        } catch (FormatException e) {
            throw e;
        } catch (IOException e) {
            throw new FormatException(what + ": not JSON", e);
        }
    }

    /** Refuses a format this version does not know, and critical fields it does not know. */
    void requireKnownFormat(int version, List<String> known) throws FormatException {
        long found = number("format");
        if (found != version) {
            throw new FormatException(what + ": format " + found
                    + " is not known to this version of Holdfast, which reads format " + version + "; use a newer one");
        }
        if (!node.has("critical")) {
            return;
        }
        JsonNode critical = node.get("critical");
        if (!critical.isArray()) {
            throw new FormatException(what + ": field \"critical\" is not a list");
        }
        for (JsonNode name : critical) {
            if (!name.isTextual() || !known.contains(name.textValue())) {
                throw new FormatException(what + ": needs \"" + name.asText()
                        + "\", which this version of Holdfast does not know; use a newer one");
            }
        }
    }

    String text(String field) throws FormatException {
        JsonNode value = node.get(field);
        if (value == null || !value.isTextual()) {
            throw new FormatException(what + ": field \"" + field + "\" is missing or not a text");
        }
        return value.textValue();
    }

    long number(String field) throws FormatException {
        JsonNode value = node.get(field);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw new FormatException(what + ": field \"" + field + "\" is missing or not a whole number from 0");
        }
        return value.longValue();
    }

    Instant time(String field) throws FormatException {
        try {
            return Instant.parse(text(field));
        } catch (DateTimeException e) {
            throw new FormatException(what + ": field \"" + field + "\" is not a time", e);
        }
    }

    List<Json> list(String field) throws FormatException {
        JsonNode value = node.get(field);
        if (value == null || !value.isArray()) {
            throw new FormatException(what + ": field \"" + field + "\" is missing or not a list");
        }
        List<Json> items = new ArrayList<>(value.size());
        for (JsonNode item : value) {
            if (!item.isObject()) {
                throw new FormatException(what + ": field \"" + field + "\" holds something that is not an object");
            }
            items.add(new Json(what + " " + field, item));
        }
        return items;
    }

    Map<String, Object> map(String field) throws FormatException {
        JsonNode value = node.get(field);
        if (value == null || !value.isObject()) {
            throw new FormatException(what + ": field \"" + field + "\" is missing or not an object");
        }
        return MAPPER.convertValue(value, new TypeReference<>() {});
    }

    /** Turns what a self-validating record throws into a format error that names the object. */
    <T> T valid(Reading<T> reading) throws FormatException {
        try {
            return reading.read();
        } catch (IllegalArgumentException e) {
            throw new FormatException(what + ": " + e.getMessage(), e);
        }
    }

    /** A step of reading that may meet an invalid value. */
    @FunctionalInterface
    interface Reading<T> {
        T read() throws FormatException;
    }
}
