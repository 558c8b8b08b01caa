package dev.holdfast.shim.mongo;

/** A collection of a database. The captured oplog of an archive has no database. */
record Namespace(String database, String collection) implements Comparable<Namespace> {
    /** Stands for the oplog that was captured while the dump ran. */
    boolean isOplog() {
        return database.isEmpty();
    }

    /** Users, roles and the version of their format, which the tools treat apart. */
    boolean isAccounts() {
        return database.equals("admin")
                && (collection.equals("system.users")
                        || collection.equals("system.roles")
                        || collection.equals("system.version"));
    }

    /** A pattern of {@code --nsInclude} that matches this alone: there an asterisk is any run of characters, and a backslash quotes. */
    String pattern() {
        return quote(database) + "." + quote(collection);
    }

    /** A pattern of {@code --nsInclude} for all collections of a database. */
    static String patternOf(String database) {
        return quote(database) + ".*";
    }

    @Override
    public int compareTo(Namespace other) {
        int byDatabase = database.compareTo(other.database);
        return byDatabase != 0 ? byDatabase : collection.compareTo(other.collection);
    }

    @Override
    public String toString() {
        return isOplog() ? collection : database + "." + collection;
    }

    private static String quote(String name) {
        return name.replace("\\", "\\\\").replace("*", "\\*");
    }
}
