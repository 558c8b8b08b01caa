package dev.holdfast.shim.database;

import java.util.Locale;
import java.util.Set;

/**
 * The name of an image without registry, tag and digest: {@code registry:5000/bitnami/postgresql:16@sha256:…} is {@code bitnami/postgresql}.
 * The first part is a registry when it holds a dot or a colon or is {@code localhost} (the rule of Docker's reference grammar).
 */
public record ImageName(String path) {
    public static ImageName of(String reference) {
        String name = reference.toLowerCase(Locale.ROOT);
        int digest = name.indexOf('@');
        name = digest < 0 ? name : name.substring(0, digest);
        int slash = name.indexOf('/');
        if (slash > 0) {
            String first = name.substring(0, slash);
            if (first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost")) {
                name = name.substring(slash + 1);
            }
        }
        int tag = name.indexOf(':', name.lastIndexOf('/') + 1);
        name = tag < 0 ? name : name.substring(0, tag);
        return new ImageName(name.startsWith("library/") ? name.substring("library/".length()) : name);
    }

    /** The last part of the path without a version at its end: {@code postgresql} of {@code bitnami/postgresql} and of {@code my/postgresql-16}. */
    public String last() {
        return path.substring(path.lastIndexOf('/') + 1).replaceFirst("-?[0-9][0-9.]*\\z", "");
    }

    /** Whether the last part is one of these, or the whole path is. */
    public boolean isAnyOf(Set<String> names) {
        return names.contains(path) || names.contains(last());
    }

    @Override
    public String toString() {
        return path;
    }
}
