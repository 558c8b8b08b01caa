package dev.holdfast.shim.cli;

import dev.holdfast.core.repository.RecipeStream;
import dev.holdfast.core.source.files.TarEntry;
import java.util.Locale;

/** Where {@code holdfast ls} writes, entry by entry: a snapshot may hold millions. */
abstract sealed class Listing permits TextListing, JsonListing {
    private long entries;

    abstract void stream(RecipeStream stream);

    /**
     * @param path of the entry, safe for a terminal
     * @param link where it leads, as safe; empty where it is no link
     */
    final void entry(TarEntry entry, String path, String link) {
        entries++;
        write(entry, path, link);
    }

    abstract void write(TarEntry entry, String path, String link);

    final long entries() {
        return entries;
    }

    /** After the last entry, when nothing failed. */
    abstract void finish();

    /** As {@code ls -l} writes it, for example {@code -rwsr-xr-x}. */
    static String mode(TarEntry entry) {
        char kind = switch (entry.kind()) {
            case FILE, HARD_LINK -> '-';
            case DIRECTORY -> 'd';
            case SYMBOLIC_LINK -> 'l';
            case FIFO -> 'p';
            case CHARACTER_DEVICE -> 'c';
            case BLOCK_DEVICE -> 'b';
        };
        int bits = entry.permissions();
        return kind
                + three(bits >> 6, bits & 04000, 's')
                + three(bits >> 3, bits & 02000, 's')
                + three(bits, bits & 01000, 't');
    }

    private static String three(int bits, int special, char letter) {
        boolean runs = (bits & 1) != 0;
        String last = special == 0 ? (runs ? "x" : "-") : String.valueOf(letter);
        return ((bits & 4) != 0 ? "r" : "-")
                + ((bits & 2) != 0 ? "w" : "-")
                + (special != 0 && !runs ? last.toUpperCase(Locale.ROOT) : last);
    }
}
