package dev.holdfast.core.source.files;

/**
 * How an archive names the folder that it is of: by nothing, when its entries lie at the archive's top, or by one part that all of them
 * begin with.
 *
 * @param archived the first part of every path, empty for none
 * @param named what stands in its place when the archive is read: empty, or a name where the archive is of one file
 */
public record TarRoot(String archived, String named) {
    /** Entries lie at the top. */
    public static final TarRoot NONE = new TarRoot("", "");

    public TarRoot {
        if (archived.contains("/") || named.contains("/") || (archived.isEmpty() && !named.isEmpty())) {
            throw new IllegalArgumentException("an archive's root is one part of a path");
        }
    }

    /** All entries lie below this name, which is the folder itself. */
    public static TarRoot below(String name) {
        return new TarRoot(name, "");
    }

    /** The same for an archive of one file, which is to have this name. */
    public TarRoot named(String name) {
        return new TarRoot(archived, name);
    }

    /** A path of the folder as it stands in the archive. */
    String written(String path) {
        if (archived.isEmpty()) {
            return path;
        }
        return path.isEmpty() || path.equals("./") ? rawArchived() + "/" : rawArchived() + "/" + path;
    }

    /** A path of the archive as one of the folder. Throws when it lies elsewhere. */
    String read(String path) throws TarFormatException {
        if (archived.isEmpty()) {
            return path;
        }
        String root = rawArchived();
        if (path.equals(root) || path.equals(root + "/")) {
            return named.isEmpty() ? "./" : ByteNames.ofText(named);
        }
        if (!path.startsWith(root + "/")) {
            throw new TarFormatException("entry " + ByteNames.display(path) + " does not lie below " + archived);
        }
        String rest = path.substring(root.length() + 1);
        return named.isEmpty() ? rest : ByteNames.ofText(named) + "/" + rest;
    }

    private String rawArchived() {
        return ByteNames.ofText(archived);
    }
}
