package dev.holdfast.core.storage.s3;

import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.BodyInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;

/** A body on its way through the SDK, which remembers when it was the body that failed and not the storage. */
final class SentBody implements ContentStreamProvider {
    private static final String TYPE = "application/octet-stream";

    private final Body body;
    private @Nullable BodyInput current;
    private @Nullable IOException openFailure;

    SentBody(Body body) {
        this.body = body;
    }

    RequestBody request() {
        return RequestBody.fromContentProvider(this, body.bytes(), TYPE);
    }

    @Override
    public InputStream newStream() {
        try {
            closeCurrent();
            if (body instanceof Body.Memory memory) {
                return memory.open();
            }
            current = BodyInput.open(body);
            return current;
        } catch (IOException e) {
            openFailure = e;
            throw new UncheckedIOException(e);
        }
    }

    /** Why the body failed, if it did. */
    Optional<IOException> failure() {
        return Optional.ofNullable(openFailure)
                .or(() -> Optional.ofNullable(current).flatMap(BodyInput::failure));
    }

    void closeCurrent() throws IOException {
        if (current != null) {
            current.close();
        }
    }
}
