package dev.holdfast.core.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The JSON Schema (draft 2020-12) of {@code holdfast.yaml}, with which editors complete it. */
public final class ConfigurationSchema {
    private static final String RESOURCE = "holdfast.schema.json";

    private ConfigurationSchema() {}

    public static String text() {
        try (InputStream in =
                Objects.requireNonNull(ConfigurationSchema.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
