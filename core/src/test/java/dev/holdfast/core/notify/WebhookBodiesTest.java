package dev.holdfast.core.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.core.model.Severity;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WebhookBodiesTest {
    private static final String NASTY =
            "<!channel> & @everyone <@123> **bold** `x` [a](http://b.example) \u202e\r\n- # \u0000";

    private static JsonNode json(byte[] body) throws Exception {
        return new ObjectMapper().readTree(body);
    }

    private static Bulletin many(int count, String text) {
        return new Bulletin(
                "web1",
                Alerts.NOW,
                IntStream.range(0, count)
                        .mapToObj(i -> Alerts.alert(
                                i % 3 == 0 ? Alert.Kind.RECOVERED : Alert.Kind.PROBLEM,
                                i % 2 == 0 ? Severity.WARNING : Severity.CRITICAL,
                                text))
                        .toList());
    }

    @Test
    void generic() throws Exception {
        JsonNode body = json(WebhookBodies.generic(Alerts.problem("31 h old")));
        assertThat(body).isEqualTo(json("""
                {"version": 1, "host": "web1", "sent": "2026-11-29T04:00:00Z",
                 "title": "Holdfast on web1: [CRITICAL] shop-db: backup too old",
                 "alerts": [{"key": "age:shop/shop-db", "kind": "problem", "severity": "critical", "service": "shop",
                   "title": "shop-db: backup too old", "text": "31 h old",
                   "since": "2026-11-28T23:00:00Z", "at": "2026-11-29T04:00:00Z"}]}
                """.getBytes(StandardCharsets.UTF_8)));
        assertThat(json(WebhookBodies.generic(many(7, "x"))).get("alerts")).hasSize(7);
    }

    @Test
    void slackMentionsNobody() throws Exception {
        JsonNode body = json(WebhookBodies.slack(Alerts.problem(NASTY)));
        assertThat(body.get("text").asText())
                .isEqualTo("Holdfast on web1\n[CRITICAL] shop-db: backup too old\n&lt;!channel&gt; &amp; @everyone"
                        + " &lt;@123&gt; **bold** `x` [a](http://b.example)  \n- #");
        assertThat(body.get("mrkdwn").asBoolean(true)).isFalse();
        assertThat(body.get("link_names").asBoolean(true)).isFalse();
        String text = json(WebhookBodies.slack(many(300, "<".repeat(200))))
                .get("text")
                .asText();
        assertThat(text.length()).isLessThanOrEqualTo(WebhookBodies.SLACK_TEXT);
        assertThat(text).contains("Holdfast on web1: 200 problems (100 critical), 100 recovered");
        assertThat(text).matches("(?s).*… and \\d+ more; see: holdfast status");
    }

    @Test
    void discordMentionsNobody() throws Exception {
        JsonNode body = json(WebhookBodies.discord(Alerts.problem(NASTY)));
        assertThat(body.get("allowed_mentions")).isEqualTo(json("{\"parse\": []}".getBytes(StandardCharsets.UTF_8)));
        assertThat(body.get("content").asText())
                .contains("\\<!channel\\> & \\@everyone \\<\\@123\\> \\*\\*bold\\*\\* \\`x\\` \\[a\\]\\(http");
        String text = json(WebhookBodies.discord(Alerts.problem("*".repeat(5000))))
                .get("content")
                .asText();
        assertThat(text.length()).isBetween(1900, WebhookBodies.DISCORD_CONTENT);
        assertThat(json(WebhookBodies.discord(many(300, "y")))
                        .get("content")
                        .asText()
                        .length())
                .isLessThanOrEqualTo(WebhookBodies.DISCORD_CONTENT);
    }

    @Test
    void ntfy() throws Exception {
        JsonNode body = json(WebhookBodies.ntfy(Alerts.problem("31 h old"), "alerts"));
        assertThat(body).isEqualTo(json("""
                {"topic": "alerts", "title": "Holdfast on web1: [CRITICAL] shop-db: backup too old",
                 "message": "[CRITICAL] shop-db: backup too old\\n31 h old", "priority": 5, "tags": ["warning"]}
                """.getBytes(StandardCharsets.UTF_8)));
        JsonNode over = json(WebhookBodies.ntfy(
                Alerts.bulletin(Alerts.alert(Alert.Kind.RECOVERED, Severity.CRITICAL, "31 h old")), "alerts"));
        assertThat(over.get("priority").asInt()).isEqualTo(3);
        assertThat(over.get("message").asText())
                .isEqualTo("[RECOVERED] shop-db: backup too old\nThis is over. It lasted 5 h.\nIt was: 31 h old");
        String message = json(WebhookBodies.ntfy(Alerts.problem("€".repeat(9000)), "alerts"))
                .get("message")
                .asText();
        assertThat(message.getBytes(StandardCharsets.UTF_8).length).isBetween(3000, WebhookBodies.NTFY_BYTES);
    }

    @Test
    void aReminderSaysHowLong() {
        Bulletin bulletin = Alerts.bulletin(Alerts.alert(Alert.Kind.REMINDER, Severity.WARNING, "x"));
        assertThat(bulletin.paragraphs())
                .containsExactly("[STILL WARNING] shop-db: backup too old\nx\nThis has lasted for 5 h.");
        assertThat(Alerts.bulletin(Alert.test(Alerts.NOW)).title())
                .isEqualTo("Holdfast on web1: [TEST] this is a test");
    }
}
