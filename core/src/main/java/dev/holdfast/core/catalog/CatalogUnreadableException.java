package dev.holdfast.core.catalog;

import org.jspecify.annotations.Nullable;

/** What is there is damaged, of a newer version, or no catalog at all. It was left as it is. */
public final class CatalogUnreadableException extends CatalogException {
    private static final long serialVersionUID = 1L;

    public CatalogUnreadableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
