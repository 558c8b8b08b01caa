package dev.holdfast.shim.postgres;

import java.io.IOException;

/** The server refused one statement. The message is the server's; the statement is not in it, since it may hold a password. */
public final class SqlFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String state;

    SqlFailedException(String state, String message) {
        super(message);
        this.state = state;
    }

    /** SQLSTATE, five characters. */
    public String state() {
        return state;
    }
}
