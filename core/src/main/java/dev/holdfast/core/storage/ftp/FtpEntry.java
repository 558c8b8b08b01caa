package dev.holdfast.core.storage.ftp;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPFileEntryParser;
import org.jspecify.annotations.Nullable;

/**
 * One line of a folder's listing.
 *
 * @param bytes size of a file; 0 for anything else
 * @param modified by the server's clock; from LIST only to the minute (to the day after half a year), taken as UTC
 */
record FtpEntry(String name, Kind kind, long bytes, Instant modified) {
    enum Kind {
        FILE,
        FOLDER,
        /** The folder itself or the one above. */
        SELF_OR_PARENT,
        /** Links, devices and the like: never ours. */
        OTHER
    }

    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT);
    private static final int SECONDS_CHARACTERS = 14;

    /** Where a folder's content sorts: as keys do. */
    String sortKey() {
        return kind == Kind.FOLDER ? name + "/" : name;
    }

    /**
     * A line of MLSD or MLST (RFC 3659 7.2): facts, each ended by a semicolon, then a space and the name.
     *
     * @return empty when it is not such a line, or a file without size or time
     */
    static Optional<FtpEntry> ofFacts(String line) {
        int space = line.indexOf(' ');
        if (space < 0) {
            return Optional.empty();
        }
        @Nullable String type = null;
        long bytes = -1;
        @Nullable Instant modified = null;
        for (String fact : line.substring(0, space).split(";", -1)) {
            int equals = fact.indexOf('=');
            String value = fact.substring(equals + 1);
            switch (fact.substring(0, Math.max(equals, 0)).toLowerCase(Locale.ROOT)) {
                case "type" -> type = value.toLowerCase(Locale.ROOT);
                case "size" -> bytes = number(value);
                case "modify" -> modified = time(value).orElse(null);
                default -> {
                    // facts we do not use
                }
            }
        }
        if (type == null) {
            return Optional.empty();
        }
        String name = line.substring(space + 1);
        Kind kind = switch (type) {
            case "file" -> Kind.FILE;
            case "dir" -> name.equals(".") || name.equals("..") ? Kind.SELF_OR_PARENT : Kind.FOLDER;
            case "cdir", "pdir" -> Kind.SELF_OR_PARENT;
            default -> Kind.OTHER;
        };
        if (kind != Kind.FILE) {
            return Optional.of(new FtpEntry(name, kind, 0, Instant.EPOCH));
        }
        if (bytes < 0 || modified == null) {
            return Optional.empty();
        }
        return Optional.of(new FtpEntry(name, kind, bytes, modified));
    }

    /** A line of LIST, in the format of {@code ls -l} or of DOS. Empty when it is none (as the "total" line). */
    static Optional<FtpEntry> ofList(String line, FTPFileEntryParser parser) {
        @Nullable FTPFile file = parser.parseFTPEntry(line);
        if (file == null || !file.isValid()) {
            return Optional.empty();
        }
        String name = file.getName();
        if (name.equals(".") || name.equals("..")) {
            return Optional.of(new FtpEntry(name, Kind.SELF_OR_PARENT, 0, Instant.EPOCH));
        }
        if (file.isDirectory()) {
            return Optional.of(new FtpEntry(name, Kind.FOLDER, 0, Instant.EPOCH));
        }
        if (!file.isFile() || file.getSize() < 0) {
            return Optional.of(new FtpEntry(name, Kind.OTHER, 0, Instant.EPOCH));
        }
        @Nullable Instant modified = file.getTimestampInstant();
        return Optional.of(new FtpEntry(name, Kind.FILE, file.getSize(), modified == null ? Instant.EPOCH : modified));
    }

    /** A time of MDTM or a modify fact (RFC 3659 2.3): UTC, with an optional fraction that is dropped. */
    static Optional<Instant> time(String text) {
        String digits = text.strip();
        if (digits.length() < SECONDS_CHARACTERS) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDateTime.parse(digits.substring(0, SECONDS_CHARACTERS), SECONDS)
                    .toInstant(ZoneOffset.UTC));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** A size as servers write it; -1 when it is none. */
    static long number(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
