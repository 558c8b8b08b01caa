package dev.holdfast.core.catalog;

/** A transition does not fit what the catalog holds; nothing was changed. */
public final class CatalogConflictException extends CatalogException {
    private static final long serialVersionUID = 1L;

    public CatalogConflictException(String message) {
        super(message, null);
    }
}
