package dev.holdfast.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.holdfast.core.config.ConfigurationProblem.Severity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The published schema and the parser say the same. */
class SchemaTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String TEXT = ConfigurationSchema.text();
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(TEXT, InputFormat.JSON);

    /** Where the schema has the keys of each shape. */
    private static final Map<Shape, String> POINTERS = pointers();

    private static Map<Shape, String> pointers() {
        Map<Shape, String> map = new LinkedHashMap<>();
        map.put(Shape.FILE, "");
        map.put(Shape.REPOSITORY, "/$defs/repository");
        map.put(Shape.SERVICE, "/$defs/service");
        map.put(Shape.DISCOVER_SOURCE, "/$defs/source/oneOf/1");
        map.put(Shape.DISCOVER, "/$defs/source/oneOf/1/properties/discover");
        map.put(Shape.DATABASE_SOURCE, "/$defs/source/oneOf/2");
        map.put(Shape.VOLUMES_SOURCE, "/$defs/source/oneOf/3");
        map.put(Shape.VOLUME_SOURCE, "/$defs/source/oneOf/4");
        map.put(Shape.FOLDERS_SOURCE, "/$defs/source/oneOf/5");
        map.put(Shape.COMMAND_SOURCE, "/$defs/source/oneOf/6");
        map.put(Shape.SCHEDULE, "/$defs/schedule/oneOf/1");
        map.put(Shape.RETENTION, "/$defs/retention/oneOf/1");
        map.put(Shape.COPY, "/$defs/copy");
        map.put(Shape.HOOKS, "/$defs/hooks");
        map.put(Shape.WEBHOOK, "/$defs/notification/oneOf/0");
        map.put(Shape.MAIL, "/$defs/notification/oneOf/1");
        map.put(Shape.PING, "/$defs/notification/oneOf/2");
        map.put(Shape.LIMITS, "/$defs/limits");
        return map;
    }

    private static JsonNode json(String text) {
        Problems problems = new Problems();
        return json(YamlReader.read(text, problems).orElseThrow());
    }

    /** As an editor sees it. */
    private static JsonNode json(YamlNode node) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        return switch (node) {
            case YamlNode.Mapping mapping -> {
                ObjectNode object = make.objectNode();
                mapping.entries().forEach(entry -> object.set(entry.key().text(), json(entry.value())));
                yield object;
            }
            case YamlNode.Sequence sequence -> {
                ArrayNode array = make.arrayNode();
                sequence.items().forEach(item -> array.add(json(item)));
                yield array;
            }
            case YamlNode.Scalar scalar -> {
                if (scalar.isNothing()) {
                    yield make.nullNode();
                }
                if (scalar.isTruth()) {
                    yield make.booleanNode(Boolean.parseBoolean(scalar.text()));
                }
                yield scalar.isWhole()
                        ? make.numberNode(Long.parseLong(scalar.text()))
                        : scalar.isNumber()
                                ? make.numberNode(Double.parseDouble(scalar.text()))
                                : make.textNode(scalar.text());
            }
        };
    }

    private static boolean schemaTakes(JsonNode json) {
        return SCHEMA.validate(json.toString(), InputFormat.JSON).isEmpty();
    }

    /** JSON is YAML. */
    private static boolean parserTakes(JsonNode json) {
        return Examples.parse(json.toString()).problems().stream()
                .noneMatch(problem -> problem.severity() == Severity.ERROR);
    }

    @Test
    void everyExampleIsRightForBoth() {
        for (String name : Examples.NAMES) {
            JsonNode json = json(Examples.text(name));
            assertThat(SCHEMA.validate(json.toString(), InputFormat.JSON))
                    .as(name)
                    .isEmpty();
            assertThat(Examples.problems(json.toString())).as(name).isEmpty();
            JsonNode whole = json(ConfigurationText.of(Examples.right(Examples.text(name))));
            assertThat(SCHEMA.validate(whole.toString(), InputFormat.JSON))
                    .as("defaults of " + name)
                    .isEmpty();
        }
    }

    @Test
    void everyKeyOfOneIsInTheOther() throws Exception {
        assertThat(POINTERS.keySet()).containsExactlyInAnyOrder(Shape.values());
        JsonNode schema = MAPPER.readTree(TEXT);
        POINTERS.forEach((shape, pointer) -> assertThat(keys(schema.at(pointer)))
                .as(shape.toString())
                .containsExactlyInAnyOrderElementsOf(shape.keys()));
        List<String> types = new ArrayList<>();
        schema.at("/$defs/storage/properties/type/enum").forEach(type -> types.add(type.asText()));
        List<String> known = new ArrayList<>(StorageTypes.NAMES);
        known.add(StorageSettings.REGISTERED);
        assertThat(types).containsExactlyInAnyOrderElementsOf(known);
        for (String type : StorageTypes.NAMES) {
            Set<String> settings = new HashSet<>(StorageTypes.settings(type));
            settings.addAll(StorageTypes.secrets(type));
            settings.add("type");
            JsonNode family = family(schema, type);
            assertThat(keys(family)).as(type).containsExactlyInAnyOrderElementsOf(settings);
            Set<String> required = new HashSet<>();
            family.path("required").forEach(key -> required.add(key.asText()));
            assertThat(required).as(type).isEqualTo(StorageTypes.required(type));
            Set<String> secrets = new HashSet<>();
            family.path("properties").properties().forEach(property -> {
                if (property.getValue().path("$ref").asText().equals("#/$defs/secret")) {
                    secrets.add(property.getKey());
                }
            });
            assertThat(secrets).as(type).isEqualTo(StorageTypes.secrets(type));
        }
    }

    private static List<String> keys(JsonNode object) {
        List<String> keys = new ArrayList<>();
        object.path("properties").fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    private static JsonNode family(JsonNode schema, String type) {
        for (JsonNode rule : schema.at("/$defs/storage/allOf")) {
            JsonNode condition = rule.at("/if/properties/type");
            boolean applies = condition.path("const").asText().equals(type);
            for (JsonNode each : condition.path("enum")) {
                applies |= each.asText().equals(type);
            }
            if (applies) {
                return schema.at(rule.at("/then/$ref").asText().substring(1));
            }
        }
        throw new AssertionError("the schema has no settings for " + type);
    }

    @Test
    void everyKeyAndTypeCompletesWithADescription() throws Exception {
        JsonNode schema = MAPPER.readTree(TEXT);
        POINTERS.forEach((shape, pointer) -> schema.at(pointer + "/properties")
                .properties()
                .forEach(property -> assertThat(described(schema, property.getValue()))
                        .as(shape + " " + property.getKey())
                        .isTrue()));
    }

    private static boolean described(JsonNode schema, JsonNode property) {
        String reference = property.path("$ref").asText();
        return property.has("description")
                || (!reference.isEmpty() && schema.at(reference.substring(1)).has("description"));
    }

    @Test
    void defaultsOfTheSchemaAreThoseOfTheParser() throws Exception {
        JsonNode schema = MAPPER.readTree(TEXT);
        Configuration ten = Examples.right(Examples.text("ten-lines.yaml"));
        Service service = Objects.requireNonNull(ten.services().get("databases"));
        assertThat(schema.at("/$defs/service/properties/tier/default").asInt()).isEqualTo(service.tier());
        assertThat(schema.at("/$defs/schedule/default").asText())
                .isEqualTo(service.schedule().expression());
        assertThat(schema.at("/$defs/limits/properties/host/default").asInt())
                .isEqualTo(ten.limits().host());
        assertThat(Examples.right(Examples.text("ten-lines.yaml") + "    retention: "
                                + schema.at("/$defs/retention/default") + "\n")
                        .services())
                .isEqualTo(ten.services());
    }

    /** Each value of the examples is made wrong in turn: no mistake is right for one of the two. */
    @Test
    void whatTheSchemaRefusesTheParserRefusesToo() {
        int refused = 0;
        for (String name : Examples.NAMES) {
            JsonNode whole = json(Examples.text(name));
            List<String> paths = new ArrayList<>();
            paths(whole, "", paths);
            for (String path : paths) {
                for (Map.Entry<String, Consumer<JsonNode>> mistake :
                        mistakes(path).entrySet()) {
                    JsonNode wrong = whole.deepCopy();
                    mistake.getValue().accept(wrong);
                    String what = name + path + " " + mistake.getKey();
                    boolean taken = schemaTakes(wrong);
                    if (mistake.getKey().endsWith("always wrong")) {
                        assertThat(taken).as("schema: " + what).isFalse();
                    }
                    if (!taken) {
                        refused++;
                        assertThat(parserTakes(wrong)).as("parser: " + what).isFalse();
                    }
                }
            }
        }
        assertThat(refused).isGreaterThan(400);
    }

    private static void paths(JsonNode node, String path, List<String> into) {
        if (path.startsWith("/x-")) {
            return;
        }
        into.add(path);
        if (node.isObject()) {
            node.properties().forEach(field -> paths(field.getValue(), path + "/" + field.getKey(), into));
        } else {
            for (int index = 0; index < node.size(); index++) {
                paths(node.get(index), path + "/" + index, into);
            }
        }
    }

    private static Map<String, Consumer<JsonNode>> mistakes(String path) {
        Map<String, Consumer<JsonNode>> mistakes = new LinkedHashMap<>();
        mistakes.put("another key", root -> {
            if (root.at(path) instanceof ObjectNode object) {
                object.put("zz-unknown", 1);
            }
        });
        if (path.isEmpty()) {
            return mistakes;
        }
        mistakes.put(
                "a list of lists, always wrong",
                root -> replace(
                        root,
                        path,
                        MAPPER.createArrayNode().add(MAPPER.createArrayNode().add(1))));
        mistakes.put(
                "a mapping of nothing known, always wrong",
                root -> replace(root, path, MAPPER.createObjectNode().put("?zz", 1)));
        mistakes.put("nothing, always wrong", root -> replace(root, path, JsonNodeFactory.instance.nullNode()));
        mistakes.put("empty text, always wrong", root -> replace(root, path, JsonNodeFactory.instance.textNode("")));
        mistakes.put("a number", root -> replace(root, path, JsonNodeFactory.instance.numberNode(7)));
        mistakes.put("a negative number", root -> replace(root, path, JsonNodeFactory.instance.numberNode(-7)));
        mistakes.put("a truth", root -> replace(root, path, JsonNodeFactory.instance.booleanNode(true)));
        mistakes.put("a text", root -> replace(root, path, JsonNodeFactory.instance.textNode("no such thing!")));
        mistakes.put("an empty list", root -> replace(root, path, MAPPER.createArrayNode()));
        mistakes.put("left out", root -> {
            JsonNode parent = root.at(path.substring(0, path.lastIndexOf('/')));
            String last = path.substring(path.lastIndexOf('/') + 1);
            if (parent instanceof ObjectNode object) {
                object.remove(last);
            } else {
                ((ArrayNode) parent).remove(Integer.parseInt(last));
            }
        });
        return mistakes;
    }

    private static void replace(JsonNode root, String path, JsonNode value) {
        JsonNode parent = root.at(path.substring(0, path.lastIndexOf('/')));
        String last = path.substring(path.lastIndexOf('/') + 1);
        if (parent instanceof ObjectNode object) {
            object.set(last, value);
        } else {
            ((ArrayNode) parent).set(Integer.parseInt(last), value);
        }
    }
}
