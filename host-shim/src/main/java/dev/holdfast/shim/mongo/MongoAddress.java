package dev.holdfast.shim.mongo;

import java.util.regex.Pattern;

/** A connection string without user, password and database, for example {@code mongodb://127.0.0.1:27018/?tls=true}. It is shown in process lists. */
public record MongoAddress(String uri) {
    /** The label of a container whose server is not at localhost:27017. */
    static final String LABEL = "holdfast.mongodb.uri";

    private static final Pattern VALID = Pattern.compile("mongodb(\\+srv)?://[^/@?\\s]+(/(\\?[^@\\s]*)?)?");

    public MongoAddress {
        if (!VALID.matcher(uri).matches()) {
            throw new IllegalArgumentException("the address of a MongoDB server is mongodb://HOST:PORT/?OPTIONS without"
                    + " user, password and database");
        }
    }

    @Override
    public String toString() {
        return uri;
    }
}
