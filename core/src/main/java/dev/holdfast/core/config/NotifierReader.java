package dev.holdfast.core.config;

import dev.holdfast.core.config.NotifierSettings.Flavour;
import dev.holdfast.core.config.NotifierSettings.MailSecurity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one entry of {@code notifications}. */
final class NotifierReader {
    private static final Map<String, Flavour> FLAVOURS = words(Flavour.values());
    private static final Map<String, MailSecurity> SECURITIES = words(MailSecurity.values());
    private static final int HIGHEST_PORT = 65_535;

    private final Set<String> services;

    NotifierReader(Set<String> services) {
        this.services = services;
    }

    @SafeVarargs
    private static <E extends Enum<E>> Map<String, E> words(E... values) {
        Map<String, E> words = new LinkedHashMap<>();
        for (E value : values) {
            words.put(word(value), value);
        }
        return words;
    }

    /** How the file writes it. */
    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Port 25, 587 or 465. Source: RFC 8314, sections 3.3 and 7.3. */
    static int port(MailSecurity security) {
        return switch (security) {
            case NONE -> 25;
            case STARTTLS -> 587;
            case TLS -> 465;
        };
    }

    Optional<NotifierSettings> read(Spot spot) {
        return spot.mapping().flatMap(mapping -> {
            List<String> kinds = new ArrayList<>(List.of("webhook", "mail", "ping"));
            List<String> given =
                    mapping.entries().stream().map(entry -> entry.key().text()).toList();
            kinds.retainAll(given);
            if (kinds.size() != 1) {
                return spot.error("exactly one of the keys webhook, mail, ping must say where to");
            }
            return switch (kinds.getFirst()) {
                case "webhook" -> spot.fields(Shape.WEBHOOK).flatMap(NotifierReader::webhook);
                case "mail" -> spot.fields(Shape.MAIL).flatMap(NotifierReader::mail);
                default -> spot.fields(Shape.PING).flatMap(this::ping);
            };
        });
    }

    private static Optional<NotifierSettings> webhook(Fields fields) {
        Optional<String> url = fields.required("webhook").flatMap(NotifierReader::address);
        Flavour flavour =
                fields.get("flavour").flatMap(found -> found.word(FLAVOURS)).orElse(Flavour.GENERIC);
        return url.map(found -> new NotifierSettings.Webhook(flavour, found));
    }

    /** An address often holds a token. */
    private static Optional<String> address(Spot spot) {
        return spot.secret();
    }

    private Optional<NotifierSettings> ping(Fields fields) {
        Optional<String> url = fields.required("ping").flatMap(NotifierReader::address);
        Optional<String> service = fields.get("service").flatMap(found -> found.nameOf("service", services));
        return url.map(found -> new NotifierSettings.Ping(service, found));
    }

    private static Optional<NotifierSettings> mail(Fields fields) {
        Optional<String> host = fields.required("mail").flatMap(found -> found.text(NotifierReader::host));
        MailSecurity security =
                fields.get("security").flatMap(found -> found.word(SECURITIES)).orElse(MailSecurity.STARTTLS);
        int port = fields.get("port")
                .flatMap(found -> found.whole(1, HIGHEST_PORT))
                .orElse(port(security));
        Optional<String> user = fields.get("user").flatMap(Spot::text);
        Optional<String> password = fields.get("password").flatMap(Spot::secret);
        Optional<String> from = fields.required("from").flatMap(found -> found.text(NotifierReader::mailbox));
        List<String> to = fields.required("to").map(NotifierReader::mailboxes).orElse(List.of());
        if (fields.get("user").isPresent() != fields.get("password").isPresent()) {
            return fields.spot().error("user and password go together");
        }
        return host.flatMap(server ->
                from.map(sender -> new NotifierSettings.Mail(server, port, security, user, password, sender, to)));
    }

    private static List<String> mailboxes(Spot spot) {
        List<Spot> items = spot.items();
        if (spot.isSequence() && items.isEmpty()) {
            spot.error("must not be empty");
        }
        return items.stream()
                .flatMap(item -> item.text(NotifierReader::mailbox).stream())
                .toList();
    }

    private static String host(String text) {
        if (!text.matches("[^\\s\\p{Cntrl}/@]+")) {
            throw new IllegalArgumentException("must be the name or address of a mail server");
        }
        return text;
    }

    /** Not all that a mail address can be; enough to keep line breaks and slips out. */
    private static String mailbox(String text) {
        if (!text.matches("[^\\s\\p{Cntrl}@<>,;]+@[^\\s\\p{Cntrl}@<>,;]+")) {
            throw new IllegalArgumentException("must be a mail address like backups@example.org");
        }
        return text;
    }
}
