package dev.holdfast.core.freshness;

import dev.holdfast.core.model.SourceName;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What is judged.
 *
 * @param service its name
 * @param source empty for a service of which no source was ever found
 * @param copy name of the copy; empty for the service's repository
 */
public record Subject(String service, Optional<SourceName> source, Optional<String> copy) {
    public Subject {
        if (service.isBlank() || copy.filter(String::isBlank).isPresent()) {
            throw new IllegalArgumentException("a service or copy must have a name");
        }
    }

    public static Subject source(String service, SourceName source) {
        return new Subject(service, Optional.of(source), Optional.empty());
    }

    public static Subject copy(String service, SourceName source, String copy) {
        return new Subject(service, Optional.of(source), Optional.of(copy));
    }

    /** For people: {@code shop-db}, or {@code shop-db in copy offsite}. */
    public String title() {
        String name = source.map(SourceName::text).orElse(service);
        return copy.map(each -> name + " in copy " + each).orElse(name);
    }

    /** For machines: {@code shop/shop-db@offsite}. The same for the same subject, and for no other. */
    public String key() {
        return encoded(service) + "/" + source.map(SourceName::text).orElse("")
                + copy.map(each -> "@" + encoded(each)).orElse("");
    }

    static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
}
