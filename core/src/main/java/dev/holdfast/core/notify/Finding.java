package dev.holdfast.core.notify;

import dev.holdfast.core.model.Severity;

/**
 * Something that is wrong now.
 *
 * @param key the same as long as the problem lasts, and for no other problem
 * @param severity may change while it lasts
 * @param service what is affected
 * @param title in a few words
 * @param text a sentence for people, without secrets; may change while it lasts
 */
public record Finding(String key, Severity severity, String service, String title, String text) {
    public Finding {
        if (key.isBlank()) {
            throw new IllegalArgumentException("a finding must have a key");
        }
    }
}
