package dev.holdfast.shim.mongo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of a small, flat BSON document, as the headers of an archive are: strings, booleans and numbers. Source: bsonspec.org, version 1.1.
 */
final class BsonFields {
    private final Map<String, Object> fields;

    private BsonFields(Map<String, Object> fields) {
        this.fields = fields;
    }

    /** Throws {@link ArchiveFormatException} for anything else. */
    static BsonFields of(byte[] document) throws ArchiveFormatException {
        ByteBuffer in = ByteBuffer.wrap(document).order(ByteOrder.LITTLE_ENDIAN);
        Map<String, Object> fields = new HashMap<>();
        try {
            in.getInt();
            for (int type = in.get(); type != 0; type = in.get()) {
                fields.put(name(in), value(type, in));
            }
        } catch (RuntimeException e) {
            throw new ArchiveFormatException("a header is no BSON", e);
        }
        if (in.hasRemaining()) {
            throw new ArchiveFormatException("a header is followed by bytes that are not its own");
        }
        return new BsonFields(fields);
    }

    Optional<String> text(String name) {
        return fields.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    boolean isTrue(String name) {
        return Boolean.TRUE.equals(fields.get(name));
    }

    private static String name(ByteBuffer in) {
        int start = in.position();
        while (in.get() != 0) {}
        byte[] bytes = new byte[in.position() - 1 - start];
        in.get(start, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Object value(int type, ByteBuffer in) throws ArchiveFormatException {
        return switch (type) {
            case 0x01 -> in.getDouble();
            case 0x02 -> text(in);
            case 0x08 -> in.get() != 0;
            case 0x10 -> in.getInt();
            case 0x12 -> in.getLong();
            default -> throw new ArchiveFormatException("a header has a field of BSON type " + type);
        };
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = new byte[in.getInt() - 1];
        in.get(bytes);
        in.get();
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
