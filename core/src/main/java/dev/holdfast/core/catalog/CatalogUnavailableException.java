package dev.holdfast.core.catalog;

/** The catalog cannot be reached or is too busy; the same call may work later. */
public final class CatalogUnavailableException extends CatalogException {
    private static final long serialVersionUID = 1L;

    public CatalogUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
