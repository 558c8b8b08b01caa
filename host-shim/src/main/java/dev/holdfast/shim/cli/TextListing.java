package dev.holdfast.shim.cli;

import dev.holdfast.core.repository.RecipeStream;
import dev.holdfast.core.source.files.TarEntry;
import java.io.PrintStream;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A listing for people. */
final class TextListing extends Listing {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private final PrintStream out;
    private final ZoneId zone;

    TextListing(PrintStream out, ZoneId zone) {
        this.out = out;
        this.zone = zone;
    }

    @Override
    void stream(RecipeStream stream) {
        out.println(stream.name() + "  " + Console.bytes(stream.bytes()));
    }

    @Override
    void write(TarEntry entry, String path, String link) {
        out.println(String.format(
                Locale.ROOT,
                "%s %11s %12d %s %s%s",
                mode(entry),
                entry.uid() + ":" + entry.gid(),
                entry.size(),
                TIME.format(entry.modified().atZone(zone)),
                path,
                link(entry, link)));
    }

    private static String link(TarEntry entry, String link) {
        return switch (entry.kind()) {
            case SYMBOLIC_LINK -> " -> " + link;
            case HARD_LINK -> " is also " + link;
            case FILE, DIRECTORY, FIFO, CHARACTER_DEVICE, BLOCK_DEVICE -> "";
        };
    }

    @Override
    void finish() {
        out.flush();
    }
}
