package dev.holdfast.core.source.files;

import dev.holdfast.core.source.DumpSource;

/**
 * An archive that can be opened again.
 *
 * @param source gives its bytes from their beginning, at each call
 */
public record TarArchive(DumpSource source, TarRoot root) {
    /** One whose entries lie at its top. */
    public TarArchive(DumpSource source) {
        this(source, TarRoot.NONE);
    }
}
