package dev.holdfast.core.catalog;

/** Someone else holds the lease. */
public final class LeaseHeldException extends CatalogException {
    private static final long serialVersionUID = 1L;

    private final transient Lease held;

    public LeaseHeldException(Lease held) {
        super(
                held.resource() + " is in use by "
                        + LeaseOwner.parse(held.owner())
                                .map(LeaseOwner::toString)
                                .orElse(held.owner())
                        + " until " + held.expires() + " at the latest",
                null);
        this.held = held;
    }

    /** The lease as the catalog holds it. */
    public Lease held() {
        return held;
    }
}
