package dev.holdfast.shim.docker;

/** A password or token in memory. It never prints itself; {@link #reveal()} is called only where the value is handed over. */
public final class Secret {
    private final String value;

    public Secret(String value) {
        this.value = value;
    }

    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
