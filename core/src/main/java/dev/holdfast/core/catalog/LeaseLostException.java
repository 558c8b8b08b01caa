package dev.holdfast.core.catalog;

/** The lease expired, was released, or was taken over: whatever it protected must not be committed. */
public final class LeaseLostException extends CatalogException {
    private static final long serialVersionUID = 1L;

    public LeaseLostException(Lease lease, String reason) {
        super("the lease of " + lease.resource() + " (token " + lease.fencingToken() + ") is lost: " + reason, null);
    }
}
