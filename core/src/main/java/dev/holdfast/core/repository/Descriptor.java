package dev.holdfast.core.repository;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.core.chunk.Chunking;
import dev.holdfast.core.crypto.AuthenticationFailedException;
import dev.holdfast.core.crypto.HostKey;
import dev.holdfast.core.crypto.KeyType;
import dev.holdfast.core.crypto.Recipient;
import dev.holdfast.core.crypto.RepositorySecret;
import dev.holdfast.core.crypto.WrappedKey;
import dev.holdfast.core.model.HostId;
import dev.holdfast.core.model.RepositoryId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What a repository says of itself: who it is sealed to and whose signatures count. Its object is one line of JSON, a newline, the MAC of
 * that line under the repository secret in hexadecimal, and a newline.
 *
 * @param generation 1 for the first; a change writes a new object with the next number and leaves the old one
 */
public record Descriptor(
        RepositoryId repository,
        int generation,
        Instant created,
        Chunking chunking,
        List<Sealed> recipients,
        List<Host> hosts) {
    static final int FORMAT = 1;
    private static final int MAC_DIGITS = 64;

    public Descriptor {
        recipients = List.copyOf(recipients);
        hosts = List.copyOf(hosts);
        if (generation < 1 || generation > 99_999_999) {
            throw new IllegalArgumentException("descriptor generation must be 1 to 99999999");
        }
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("a repository needs at least one recipient");
        }
    }

    /**
     * A recipient and the repository secret wrapped to it.
     *
     * @param publicText the public key of an {@code x25519} recipient; empty for a {@code master-key}, which has none
     */
    public record Sealed(Optional<String> publicText, WrappedKey secret) {
        public Sealed {
            boolean fits = switch (secret.type()) {
                case MASTER_KEY -> publicText.isEmpty();
                case X25519 ->
                    publicText
                            .map(text -> Recipient.parse(text).id().equals(secret.recipientId()))
                            .orElse(false);
            };
            if (!fits) {
                throw new IllegalArgumentException("recipient's public key does not fit its type and id");
            }
        }
    }

    /** A host whose signatures count. */
    public record Host(String name, HostKey.PublicHalf key) {}

    public Optional<HostKey.PublicHalf> host(HostId id) {
        return hosts.stream().map(Host::key).filter(key -> key.id().equals(id)).findFirst();
    }

    public List<WrappedKey> wrappedSecrets() {
        return recipients.stream().map(Sealed::secret).toList();
    }

    byte[] encode(RepositorySecret secret) {
        ObjectNode json = Json.object();
        json.put("format", FORMAT);
        json.put("repository", repository.hex());
        json.put("generation", generation);
        json.put("created", created.toString());
        json.put("chunking", chunking.label());
        ArrayNode sealed = json.putArray("recipients");
        for (Sealed recipient : recipients) {
            ObjectNode item = sealed.addObject();
            item.put("type", recipient.secret().type().label());
            item.put("id", recipient.secret().recipientId());
            recipient.publicText().ifPresent(text -> item.put("public", text));
            item.put("secret", recipient.secret().text());
        }
        ArrayNode pinned = json.putArray("hosts");
        for (Host host : hosts) {
            pinned.addObject()
                    .put("id", host.key().id().hex())
                    .put("name", host.name())
                    .put("key", host.key().base64());
        }
        byte[] line = Json.bytes(json);
        byte[] tail = ("\n" + HexFormat.of().formatHex(secret.mac(line)) + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] object = Arrays.copyOf(line, line.length + tail.length);
        System.arraycopy(tail, 0, object, line.length, tail.length);
        return object;
    }

    /** Reads a descriptor object. Nothing in it may be trusted before {@link Unverified#verify}. */
    static Unverified decode(String name, byte[] object) throws FormatException {
        int end = object.length - MAC_DIGITS - 2;
        if (end < 0 || object[end] != '\n' || object[object.length - 1] != '\n') {
            throw new FormatException(name + ": not a repository descriptor");
        }
        byte[] mac = mac(name, new String(object, end + 1, MAC_DIGITS, StandardCharsets.US_ASCII));
        byte[] line = Arrays.copyOf(object, end);
        Json json = Json.parse(name, line);
        json.requireKnownFormat(FORMAT, List.of());
        Descriptor descriptor = json.valid(() -> new Descriptor(
                new RepositoryId(json.text("repository")),
                Math.toIntExact(Math.min(json.number("generation"), Integer.MAX_VALUE)),
                json.time("created"),
                Chunking.of(json.text("chunking")),
                recipients(json),
                hosts(json)));
        if (!name.equals(Layout.descriptor(descriptor.generation).text())) {
            throw new FormatException(name + ": is generation " + descriptor.generation + " under another name");
        }
        return new Unverified(name, descriptor, line, mac);
    }

    /** Lower case only: an object has one valid form, so that no byte of it can change unseen. */
    private static byte[] mac(String name, String digits) throws FormatException {
        try {
            byte[] mac = HexFormat.of().parseHex(digits);
            if (HexFormat.of().formatHex(mac).equals(digits)) {
                return mac;
            }
            throw new FormatException(name + ": its MAC is not in lower case");
        } catch (IllegalArgumentException e) {
            throw new FormatException(name + ": its MAC is not hexadecimal", e);
        }
    }

    private static List<Sealed> recipients(Json json) throws FormatException {
        List<Sealed> recipients = new ArrayList<>();
        for (Json item : json.list("recipients")) {
            KeyType type = KeyType.of(item.text("type"));
            Optional<String> publicText = type == KeyType.X25519 ? Optional.of(item.text("public")) : Optional.empty();
            recipients.add(new Sealed(publicText, new WrappedKey(type, item.text("id"), item.text("secret"))));
        }
        return recipients;
    }

    private static List<Host> hosts(Json json) throws FormatException {
        List<Host> hosts = new ArrayList<>();
        for (Json item : json.list("hosts")) {
            HostKey.PublicHalf key = new HostKey.PublicHalf(item.text("key"));
            if (!key.id().hex().equals(item.text("id"))) {
                throw new IllegalArgumentException("a host's id does not fit its key");
            }
            hosts.add(new Host(item.text("name"), key));
        }
        return hosts;
    }

    /** A descriptor as it was found. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Unverified(String name, Descriptor descriptor, byte[] line, byte[] mac) {
        Descriptor verify(RepositorySecret secret) throws AuthenticationFailedException {
            try {
                secret.verifyMac(line, mac);
                return descriptor;
            } catch (AuthenticationFailedException e) {
                throw new AuthenticationFailedException(
                        name + ": " + e.getMessage() + "; it was changed by someone without the repository secret", e);
            }
        }
    }
}
