package dev.holdfast.core.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.core.model.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The JSON that each kind of receiver reads. */
final class WebhookBodies {
    /** Slack's advice for {@code text}; from 40,000 on it cuts (https://docs.slack.dev/reference/methods/chat.postMessage). */
    static final int SLACK_TEXT = 4000;
    /** Of {@code content} (https://discord.com/developers/docs/resources/webhook#execute-webhook). */
    static final int DISCORD_CONTENT = 2000;
    /** Bytes of a message; a longer one becomes an attachment (https://docs.ntfy.sh/publish/#limitations). */
    static final int NTFY_BYTES = 4096;

    private static final int NTFY_TITLE = 250;
    /** Do not show previews of links, which a name of a host could turn into. */
    private static final int DISCORD_SUPPRESS_EMBEDS = 1 << 2;

    private static final int GENERIC_TEXT = 4000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private WebhookBodies() {}

    /** Our own: {@code version} grows when a field changes its meaning. */
    static byte[] generic(Bulletin bulletin) {
        ObjectNode body = JSON.createObjectNode()
                .put("version", 1)
                .put("host", bulletin.host())
                .put("sent", bulletin.at().toString())
                .put("title", bulletin.title());
        ArrayNode alerts = body.putArray("alerts");
        for (Alert each : bulletin.alerts()) {
            alerts.addObject()
                    .put("key", each.key())
                    .put("kind", each.word())
                    .put("severity", each.severity().name().toLowerCase(Locale.ROOT))
                    .put("service", each.service())
                    .put("title", Lines.oneLine(each.title()))
                    .put("text", Lines.escaped(Lines.printable(each.text()), Character::toString, GENERIC_TEXT))
                    .put("since", each.since().toString())
                    .put("at", each.at().toString());
        }
        return bytes(body);
    }

    /** Without mrkdwn; the three characters that are control in any text are escaped, so nobody can be mentioned. */
    static byte[] slack(Bulletin bulletin) {
        String text = Lines.fit(paragraphs(bulletin), WebhookBodies::slackEscape, SLACK_TEXT);
        return bytes(JSON.createObjectNode()
                .put("text", text)
                .put("mrkdwn", false)
                .put("link_names", false)
                .put("unfurl_links", false)
                .put("unfurl_media", false));
    }

    private static String slackEscape(int c) {
        return switch (c) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            default -> Character.toString(c);
        };
    }

    /** With what is markdown escaped, and nobody mentioned whatever the text says. */
    static byte[] discord(Bulletin bulletin) {
        ObjectNode body = JSON.createObjectNode()
                .put("content", Lines.fit(paragraphs(bulletin), WebhookBodies::discordEscape, DISCORD_CONTENT))
                .put("flags", DISCORD_SUPPRESS_EMBEDS);
        body.putObject("allowed_mentions").putArray("parse");
        return bytes(body);
    }

    private static String discordEscape(int c) {
        return "\\*_~`|>#[]()<@-".indexOf(c) >= 0 ? "\\" + Character.toString(c) : Character.toString(c);
    }

    /** To be posted to the server's root: a topic's own address takes titles only as ASCII headers. */
    static byte[] ntfy(Bulletin bulletin, String topic) {
        // A UTF-16 unit is at most three bytes of UTF-8.
        String message = Lines.fit(bulletin.paragraphs(), Character::toString, NTFY_BYTES / 3);
        ObjectNode body = JSON.createObjectNode()
                .put("topic", topic)
                .put("title", Lines.escaped(bulletin.title(), Character::toString, NTFY_TITLE))
                .put("message", message)
                .put("priority", priority(bulletin));
        body.putArray("tags").add(bulletin.isAllGood() ? "white_check_mark" : "warning");
        return bytes(body);
    }

    private static int priority(Bulletin bulletin) {
        if (bulletin.isAllGood()) {
            return 3;
        }
        return bulletin.severity() == Severity.CRITICAL ? 5 : 4;
    }

    private static List<String> paragraphs(Bulletin bulletin) {
        List<String> all = new ArrayList<>(bulletin.paragraphs());
        all.set(
                0,
                bulletin.alerts().size() == 1
                        ? "Holdfast on " + Lines.oneLine(bulletin.host()) + "\n" + all.getFirst()
                        : bulletin.title() + "\n\n" + all.getFirst());
        return all;
    }

    private static byte[] bytes(ObjectNode body) {
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON cannot be written", e);
        }
    }
}
