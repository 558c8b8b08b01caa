package dev.holdfast.shim.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.holdfast.core.repository.RecipeStream;
import dev.holdfast.core.repository.SnapshotHeader;
import dev.holdfast.core.source.files.TarEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Locale;

/** A listing as one JSON object, written while it is made: it stays open, and is no JSON, when the listing fails in the middle. */
final class JsonListing extends Listing {
    private final JsonGenerator json;
    private final SnapshotHeader header;
    private boolean begun;
    private boolean inStream;

    JsonListing(OutputStream out, SnapshotHeader header) throws IOException {
        json = new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        this.header = header;
    }

    private void begin() throws IOException {
        if (begun) {
            return;
        }
        begun = true;
        json.writeStartObject();
        json.writeStringField("command", "ls");
        json.writeStringField("source", header.source().text());
        json.writeStringField("snapshot", header.snapshot().hex());
        json.writeArrayFieldStart("streams");
    }

    @Override
    void stream(RecipeStream stream) {
        writing(() -> {
            begin();
            endStream();
            inStream = true;
            json.writeStartObject();
            json.writeStringField("name", stream.name());
            json.writeNumberField("bytes", stream.bytes());
            json.writeArrayFieldStart("entries");
        });
    }

    @Override
    void write(TarEntry entry, String path, String link) {
        writing(() -> {
            json.writeStartObject();
            json.writeStringField("path", path);
            json.writeStringField("kind", entry.kind().name().toLowerCase(Locale.ROOT));
            json.writeStringField("mode", String.format(Locale.ROOT, "%04o", entry.permissions()));
            json.writeNumberField("uid", entry.uid());
            json.writeNumberField("gid", entry.gid());
            json.writeNumberField("bytes", entry.size());
            json.writeStringField("modified", entry.modified().toString());
            if (!link.isEmpty()) {
                json.writeStringField("link", link);
            }
            json.writeEndObject();
        });
    }

    private void endStream() throws IOException {
        if (inStream) {
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    @Override
    void finish() {
        writing(() -> {
            begin();
            endStream();
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
            json.close();
        });
    }

    @FunctionalInterface
    private interface Writing {
        void run() throws IOException;
    }

    private static void writing(Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            throw new UncheckedIOException("the listing could not be written", e);
        }
    }
}
