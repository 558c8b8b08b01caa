package dev.holdfast.shim.mysql;

import java.io.IOException;

/** The server refused one statement, which ended its session. The statement is not in the message, since it may hold a password. */
public final class SqlFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int code;

    SqlFailedException(int code, String message) {
        super(message);
        this.code = code;
    }

    /** The server's or client's number, for example 1045. */
    public int code() {
        return code;
    }
}
