package dev.holdfast.core.storage.dropbox;

import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageException.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * Keys as Dropbox paths and back. Dropbox takes {@code A} and {@code a} for one name, shows a path in a case that may not
 * be the one it was given, and does not keep some names at all. So a file's name has only {@code a-z 0-9 - _ .} and
 * blanks inside; every other byte of the key's UTF-8 is written as {@code %} and two lower-case hexadecimal digits. Such
 * a path is its own lower case: what {@code path_lower} tells is what was given, and each key has one path.
 */
final class DropboxNames {
    /** The longest name of a file or folder that Dropbox keeps, in characters; all of ours are ASCII. */
    private static final int MAX_NAME = 255;

    /** Names that Dropbox leaves out of its service or its clients (help page "File names"), as far as the rules leave them as they are. */
    private static final Set<String> REFUSED = Set.of("desktop.ini", "thumbs.db", "ehthumbs.db");

    private DropboxNames() {}

    /**
     * The path of a key below the root, with a slash at its beginning.
     *
     * @throws StorageException.Rejected a part is longer than Dropbox keeps
     */
    static String path(String key) throws StorageException {
        StringBuilder path = new StringBuilder();
        for (String part : key.split("/", -1)) {
            String name = name(part);
            if (name.length() > MAX_NAME) {
                throw new StorageException.Rejected(
                        Reason.INVALID,
                        "key " + key + " has a part that takes " + name.length() + " characters on Dropbox, where "
                                + MAX_NAME + " are allowed (capitals and special characters take three)",
                        null);
            }
            path.append('/').append(name);
        }
        return path.toString();
    }

    private static String name(String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        StringBuilder name = new StringBuilder(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            boolean outer = i == 0 || i == bytes.length - 1;
            if (isPlain(bytes[i], outer) && !(i == 0 && REFUSED.contains(part))) {
                name.append((char) bytes[i]);
            } else {
                name.append('%').append(HexFormat.of().toHexDigits(bytes[i]));
            }
        }
        return name.toString();
    }

    private static boolean isPlain(byte value, boolean outer) {
        return (value >= 'a' && value <= 'z')
                || (value >= '0' && value <= '9')
                || value == '-'
                || value == '_'
                || (!outer && (value == '.' || value == ' '));
    }

    /** The key of a path below the root, given without its first slash; empty when no put can have made it. */
    static Optional<String> key(String path) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '%') {
                if (c > 0x7e) {
                    return Optional.empty();
                }
                bytes.write(c);
                continue;
            }
            if (i + 2 >= path.length()
                    || !HexFormat.isHexDigit(path.charAt(i + 1))
                    || !HexFormat.isHexDigit(path.charAt(i + 2))) {
                return Optional.empty();
            }
            bytes.write(HexFormat.fromHexDigits(path, i + 1, i + 3));
            i += 2;
        }
        return decoded(bytes.toByteArray()).filter(key -> isPathOf(key, path));
    }

    private static Optional<String> decoded(byte[] utf8) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(java.nio.ByteBuffer.wrap(utf8))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty(); // a file of somebody else
        }
    }

    private static boolean isPathOf(String key, String path) {
        try {
            return path(key).equals("/" + path);
        } catch (StorageException.Rejected e) {
            return false;
        } catch (StorageException e) {
            throw new IllegalStateException("a name is refused in one way only", e);
        }
    }
}
