package dev.holdfast.core.catalog;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The catalog could not do what was asked. Messages hold no secrets. */
public abstract sealed class CatalogException extends IOException
        permits CatalogConflictException,
                CatalogUnavailableException,
                CatalogUnreadableException,
                LeaseHeldException,
                LeaseLostException {
    private static final long serialVersionUID = 1L;

    CatalogException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
