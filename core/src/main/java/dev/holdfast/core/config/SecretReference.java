package dev.holdfast.core.config;

import java.util.regex.Pattern;

/** Where a secret is read from at each use: {@code env:NAME} or {@code file:/path}. */
public final class SecretReference {
    private static final Pattern FORM = Pattern.compile("env:[A-Za-z_][A-Za-z0-9_]{0,127}|file:/[^\\p{Cntrl}]{1,1024}");

    private SecretReference() {}

    public static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }
}
