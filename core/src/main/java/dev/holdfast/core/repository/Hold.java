package dev.holdfast.core.repository;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.core.crypto.AuthenticationFailedException;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.SnapshotId;
import dev.holdfast.core.model.SourceName;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A snapshot that must stay until someone releases it. Its object has the form of a descriptor: one line of JSON, a newline, its MAC in hexadecimal, a newline.
 *
 * @param reason for people; may be empty
 * @param host name of the host that placed it
 */
public record Hold(
        RepositoryId repository, SourceName source, SnapshotId snapshot, String reason, String host, Instant created) {
    static final int FORMAT = 1;
    /** Bounds what a storage can make us read. */
    static final int MAXIMUM_BYTES = 64 * 1024;

    private static final int MAXIMUM_REASON = 1000;
    private static final int MAC_DIGITS = 64;

    public Hold {
        if (reason.length() > MAXIMUM_REASON || reason.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "the reason of a hold is one line of at most " + MAXIMUM_REASON + " characters");
        }
    }

    byte[] encode(RepositorySecret secret) {
        ObjectNode json = Json.object();
        json.put("format", FORMAT);
        json.put("repository", repository.hex());
        json.put("source", source.text());
        json.put("snapshot", snapshot.hex());
        json.put("reason", reason);
        json.put("host", host);
        json.put("created", created.toString());
        byte[] line = Json.bytes(json);
        byte[] tail =
                ("\n" + HexFormat.of().formatHex(secret.holdMac(line)) + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] object = Arrays.copyOf(line, line.length + tail.length);
        System.arraycopy(tail, 0, object, line.length, tail.length);
        return object;
    }

    /** Reads an object and checks its MAC, and that it lies under its own name. */
    static Hold decode(String name, byte[] object, RepositorySecret secret)
            throws FormatException, AuthenticationFailedException {
        int end = object.length - MAC_DIGITS - 2;
        if (end < 0 || object[end] != '\n' || object[object.length - 1] != '\n') {
            throw new FormatException(name + ": not a hold");
        }
        byte[] line = Arrays.copyOf(object, end);
        try {
            secret.verifyHoldMac(
                    line, HexFormat.of().parseHex(new String(object, end + 1, MAC_DIGITS, StandardCharsets.US_ASCII)));
        } catch (AuthenticationFailedException e) {
            throw new AuthenticationFailedException(name + ": " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new FormatException(name + ": its MAC is not hexadecimal", e);
        }
        Json json = Json.parse(name, line);
        json.requireKnownFormat(FORMAT, List.of());
        Hold hold = json.valid(() -> new Hold(
                new RepositoryId(json.text("repository")),
                new SourceName(json.text("source")),
                new SnapshotId(json.text("snapshot")),
                json.text("reason"),
                json.text("host"),
                json.time("created")));
        if (!name.equals(Layout.hold(hold.source(), hold.snapshot()).text())) {
            throw new FormatException(name + ": is a hold of another snapshot");
        }
        return hold;
    }
}
