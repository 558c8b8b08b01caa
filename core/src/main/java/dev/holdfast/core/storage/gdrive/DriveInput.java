package dev.holdfast.core.storage.gdrive;

import com.google.api.client.http.HttpResponse;
import dev.holdfast.core.storage.ReceivedInput;
import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.http.conn.ConnectionReleaseTrigger;
import org.jspecify.annotations.Nullable;

/**
 * An object as it arrives: exactly the bytes that were announced, or a {@link StorageException}. Closed early it gives up
 * the connection when much is still to come, since reading the rest would cost more than connecting anew.
 */
final class DriveInput extends InputStream {
    private static final long WORTH_READING_BYTES = 256 * 1024;

    private final HttpResponse response;
    private final InputStream raw;
    private final ReceivedInput in;
    private final long announced;
    private final String key;
    private final DriveErrors errors;
    private long read;
    private @Nullable StorageException failure;
    private boolean closed;

    /**
     * Takes over an answer.
     *
     * @param announced how many bytes the server sends
     * @param wanted how many of them are wanted at most
     */
    DriveInput(HttpResponse response, long announced, long wanted, String key, DriveErrors errors) throws IOException {
        this.response = response;
        this.raw = response.getContent();
        this.in = new ReceivedInput(raw, Math.min(announced, wanted));
        this.announced = announced;
        this.key = key;
        this.errors = errors;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (failure != null) {
            throw failure;
        }
        if (closed) {
            throw new IOException("stream of " + key + " is closed");
        }
        try {
            int count = in.read(buffer, offset, length);
            read += Math.max(0, count);
            return count;
        } catch (StorageException e) {
            failure = e;
            throw e;
        } catch (IOException e) {
            failure = errors.ofStream(e, key);
            throw failure;
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        boolean giveUp = failure != null || announced - read > WORTH_READING_BYTES;
        if (giveUp && raw instanceof ConnectionReleaseTrigger connection) {
            connection.abortConnection();
        } else {
            response.disconnect();
        }
    }
}
