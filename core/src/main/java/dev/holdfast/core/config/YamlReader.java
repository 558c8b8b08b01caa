package dev.holdfast.core.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Makes a tree of the events of a YAML file. It is made here and not by the library's composer, which calls itself for each level and so ends
 * with the stack on a file of nothing but brackets. The size of the tree counts each use of an alias, so that few lines cannot stand for billions.
 */
final class YamlReader {
    static final int DEEPEST = 32;
    static final int MOST_NODES = 100_000;

    private final Iterator<Event> events;
    private final Problems problems;
    private final Map<Anchor, Anchored> anchors = new HashMap<>();
    private long nodes;

    /** What an alias stands for; without a node while it is being read. */
    private record Anchored(Optional<YamlNode> node, long size) {}

    /** Ends the reading after its problem was told. */
    private static final class GivenUp extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private YamlReader(Iterator<Event> events, Problems problems) {
        this.events = events;
        this.problems = problems;
    }

    /** The one document of the text; empty after an error, and for a text without a value. */
    static Optional<YamlNode> read(String text, Problems problems) {
        LoadSettings settings =
                LoadSettings.builder().setLabel("").setUseMarks(true).build();
        try {
            return new YamlReader(new Parse(settings).parseString(text).iterator(), problems).document();
        } catch (GivenUp e) {
            return Optional.empty();
        } catch (MarkedYamlEngineException e) {
            new YamlMistake(text, problems).tell(e.getProblem(), position(e.getProblemMark()));
            return Optional.empty();
        } catch (YamlEngineException e) {
            // Its text may hold a piece of the file, which may be a secret.
            problems.error(Position.START, "", "this is not YAML");
            return Optional.empty();
        }
    }

    private static Position position(Optional<Mark> mark) {
        return mark.map(found -> new Position(found.getLine() + 1, found.getColumn() + 1))
                .orElse(Position.START);
    }

    private Optional<YamlNode> document() throws GivenUp {
        Optional<YamlNode> root = Optional.empty();
        while (events.hasNext()) {
            Event event = events.next();
            switch (event.getEventId()) {
                case DocumentStart -> {
                    if (root.isPresent()) {
                        throw giveUp(event, "a second document begins here: the configuration is one");
                    }
                }
                case Scalar, Alias, SequenceStart, MappingStart -> root = Optional.of(node(event, 1));
                case StreamStart, StreamEnd, DocumentEnd, SequenceEnd, MappingEnd, Comment -> {}
            }
        }
        return root;
    }

    private GivenUp giveUp(Event event, String message) {
        problems.error(position(event.getStartMark()), "", message);
        return new GivenUp();
    }

    private YamlNode node(Event event, int depth) throws GivenUp {
        if (depth > DEEPEST) {
            throw giveUp(event, "lists and mappings are nested deeper than " + DEEPEST + " levels");
        }
        count(event, 1);
        if (event instanceof AliasEvent alias) {
            return aliased(alias);
        }
        long before = nodes;
        Optional<Anchor> anchor = event instanceof NodeEvent named ? named.getAnchor() : Optional.empty();
        anchor.ifPresent(name -> anchors.put(name, new Anchored(Optional.empty(), 0)));
        YamlNode node =
                event instanceof ScalarEvent scalar ? scalar(scalar) : collection((CollectionStartEvent) event, depth);
        anchor.ifPresent(name -> anchors.put(name, new Anchored(Optional.of(node), nodes - before)));
        return node;
    }

    private void count(Event event, long more) throws GivenUp {
        nodes += more;
        if (nodes > MOST_NODES) {
            throw giveUp(event, "with all aliases followed there are more than " + MOST_NODES + " values");
        }
    }

    private YamlNode aliased(AliasEvent alias) throws GivenUp {
        Anchored anchored = alias.getAnchor().map(anchors::get).orElse(null);
        if (anchored == null) {
            throw giveUp(alias, "there is no anchor of this name before it");
        }
        if (anchored.node().isEmpty()) {
            throw giveUp(alias, "this alias stands for something that holds it");
        }
        count(alias, anchored.size());
        return anchored.node().get();
    }

    private YamlNode scalar(ScalarEvent event) {
        Position at = position(event.getStartMark());
        event.getTag().ifPresent(tag -> refuseTag(at));
        return new YamlNode.Scalar(
                at, event.getValue(), event.isPlain() ? YamlNode.Style.PLAIN : YamlNode.Style.QUOTED);
    }

    private void refuseTag(Position at) {
        problems.error(at, "", "tags, which begin with !, mean nothing here; text that begins with ! needs quotes");
    }

    private YamlNode collection(CollectionStartEvent start, int depth) throws GivenUp {
        Position at = position(start.getStartMark());
        start.getTag().ifPresent(tag -> refuseTag(at));
        return start instanceof MappingStartEvent ? mapping(at, depth) : sequence(at, depth);
    }

    private YamlNode sequence(Position at, int depth) throws GivenUp {
        List<YamlNode> items = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            items.add(node(event, depth + 1));
        }
        return new YamlNode.Sequence(at, List.copyOf(items));
    }

    private YamlNode mapping(Position at, int depth) throws GivenUp {
        List<YamlNode.Entry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            YamlNode key = node(event, depth + 1);
            YamlNode value = node(events.next(), depth + 1);
            if (!(key instanceof YamlNode.Scalar name)) {
                problems.error(key.at(), "", "a key must be a word, not " + key.kind());
            } else if (name.text().equals("<<") && name.style() == YamlNode.Style.PLAIN) {
                problems.error(key.at(), "", "merge keys (<<) are not known; an alias stands for a whole value");
            } else if (names.add(name.text())) {
                entries.add(new YamlNode.Entry(name, value));
            } else {
                problems.error(name.at(), "", "key " + name.text() + " is there twice");
            }
        }
        return new YamlNode.Mapping(at, List.copyOf(entries));
    }
}
