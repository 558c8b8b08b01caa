package dev.holdfast.core.source.files;

import dev.holdfast.core.source.files.FileStatus.FileTime;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the headers of a pax archive: POSIX.1-2024, <a
 * href="https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html">pax, "ustar Interchange Format" and "pax Extended
 * Header"</a>; extended attributes as {@code SCHILY.xattr.*} (star, GNU tar), holes as GNU sparse format 1.0.
 */
final class TarHeaders {
    static final int BLOCK = 512;
    private static final int NAME = 0;
    private static final int NAME_BYTES = 100;
    private static final int MODE = 100;
    private static final int UID = 108;
    private static final int GID = 116;
    private static final int SIZE = 124;
    private static final int MTIME = 136;
    private static final int CHECKSUM = 148;
    private static final int TYPE = 156;
    private static final int LINK = 157;
    private static final int MAGIC = 257;
    private static final int USER = 265;
    private static final int GROUP = 297;
    private static final int OWNER_NAME_BYTES = 32;
    private static final int MAJOR = 329;
    private static final int MINOR = 337;
    private static final long LARGEST_7_DIGITS = 07777777L;
    private static final long LARGEST_11_DIGITS = 077777777777L;

    private final Names names;

    /** Who owns what, by name. */
    interface Names {
        Optional<String> user(long uid);

        Optional<String> group(long gid);

        /** Owners have no names but their numbers. */
        Names NONE = new Names() {
            @Override
            public Optional<String> user(long uid) {
                return Optional.empty();
            }

            @Override
            public Optional<String> group(long gid) {
                return Optional.empty();
            }
        };
    }

    TarHeaders(Names names) {
        this.names = names;
    }

    /** One entry to write. Sizes are of the body in the archive; the link target is empty when there is none. */
    record Entry(
            String path,
            char type,
            FileStatus status,
            long size,
            String link,
            Map<String, byte[]> attributes,
            Sparse sparse) {}

    /** For a file with holes; its map stands at the start of the body. */
    record Sparse(long realSize) {
        static final Sparse NONE = new Sparse(-1);
    }

    /** Appends the headers, whole blocks. */
    void append(Entry entry, ByteArrayOutputStream out) {
        byte[] header = new byte[BLOCK];
        Map<String, byte[]> records = new LinkedHashMap<>();
        String shownPath = entry.path();
        if (!entry.sparse().equals(Sparse.NONE)) {
            put(records, "GNU.sparse.major", "1");
            put(records, "GNU.sparse.minor", "0");
            records.put("GNU.sparse.name", ByteNames.bytes(entry.path()));
            put(records, "GNU.sparse.realsize", Long.toString(entry.sparse().realSize()));
            int slash = entry.path().lastIndexOf('/') + 1;
            shownPath = entry.path().substring(0, slash) + "GNUSparseFile.0/"
                    + entry.path().substring(slash);
        }
        text(header, NAME, NAME_BYTES, "path", shownPath, records);
        text(header, LINK, NAME_BYTES, "linkpath", entry.link(), records);
        FileStatus status = entry.status();
        octal(header, MODE, 7, status.permissions());
        number(header, UID, 7, "uid", status.uid(), records);
        number(header, GID, 7, "gid", status.gid(), records);
        number(header, SIZE, 11, "size", entry.size(), records);
        time(header, status.modified(), records);
        header[TYPE] = (byte) entry.type();
        magic(header);
        names.user(status.uid()).ifPresent(name -> text(header, USER, OWNER_NAME_BYTES - 1, "uname", name, records));
        names.group(status.gid()).ifPresent(name -> text(header, GROUP, OWNER_NAME_BYTES - 1, "gname", name, records));
        boolean device = entry.type() == '3' || entry.type() == '4';
        number(header, MAJOR, 7, "SCHILY.devmajor", device ? status.specialMajor() : 0, records);
        number(header, MINOR, 7, "SCHILY.devminor", device ? status.specialMinor() : 0, records);
        entry.attributes().forEach((name, value) -> records.put("SCHILY.xattr." + name, value));
        if (!records.isEmpty()) {
            appendRecords(records, out);
        }
        seal(header);
        out.write(header, 0, BLOCK);
    }

    private static void put(Map<String, byte[]> records, String key, String value) {
        records.put(key, value.getBytes(StandardCharsets.US_ASCII));
    }

    private static void appendRecords(Map<String, byte[]> records, ByteArrayOutputStream out) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean binary = records.entrySet().stream()
                .anyMatch(record -> !record.getKey().startsWith("SCHILY.xattr.")
                        && !ByteNames.isUtf8(ByteNames.of(record.getValue())));
        if (binary) {
            appendRecord("hdrcharset", "BINARY".getBytes(StandardCharsets.US_ASCII), body);
        }
        records.forEach((key, value) -> appendRecord(key, value, body));
        byte[] header = new byte[BLOCK];
        copy(header, NAME, "././@PaxHeader");
        octal(header, MODE, 7, 0644);
        octal(header, UID, 7, 0);
        octal(header, GID, 7, 0);
        octal(header, SIZE, 11, body.size());
        octal(header, MTIME, 11, 0);
        header[TYPE] = 'x';
        magic(header);
        seal(header);
        out.write(header, 0, BLOCK);
        out.writeBytes(body.toByteArray());
        pad(out, body.size());
    }

    /** {@code "%d %s=%s\n"}, where the number counts itself. */
    private static void appendRecord(String key, byte[] value, ByteArrayOutputStream out) {
        byte[] keyBytes = ByteNames.bytes(key);
        int rest = keyBytes.length + value.length + 3;
        int length = rest + 1;
        while (length != rest + Integer.toString(length).length()) {
            length = rest + Integer.toString(length).length();
        }
        out.writeBytes(ByteNames.bytes(length + " "));
        out.writeBytes(keyBytes);
        out.write('=');
        out.writeBytes(value);
        out.write('\n');
    }

    static void pad(ByteArrayOutputStream out, long bodyBytes) {
        out.write(new byte[BLOCK], 0, padding(bodyBytes));
    }

    static int padding(long bodyBytes) {
        return (int) (-bodyBytes & (BLOCK - 1));
    }

    private static void text(
            byte[] header, int offset, int maximum, String key, String value, Map<String, byte[]> records) {
        if (value.length() > maximum || !ByteNames.isAscii(value)) {
            records.put(key, ByteNames.bytes(value));
        }
        copy(header, offset, value.substring(0, Math.min(maximum, value.length())));
    }

    private static void number(
            byte[] header, int offset, int digits, String key, long value, Map<String, byte[]> records) {
        boolean fits = value <= (digits == 7 ? LARGEST_7_DIGITS : LARGEST_11_DIGITS);
        if (!fits) {
            put(records, key, Long.toString(value));
        }
        octal(header, offset, digits, fits ? value : 0);
    }

    private static void time(byte[] header, FileTime time, Map<String, byte[]> records) {
        boolean fits = time.seconds() >= 0 && time.seconds() <= LARGEST_11_DIGITS;
        if (!fits || time.nanoseconds() != 0) {
            put(records, "mtime", decimal(time));
        }
        octal(header, MTIME, 11, fits ? time.seconds() : 0);
    }

    static String decimal(FileTime time) {
        if (time.nanoseconds() == 0) {
            return Long.toString(time.seconds());
        }
        boolean negative = time.seconds() < 0;
        long seconds = negative ? -(time.seconds() + 1) : time.seconds();
        int nanoseconds = negative ? 1_000_000_000 - time.nanoseconds() : time.nanoseconds();
        String fraction = Integer.toString(1_000_000_000 + nanoseconds).substring(1);
        int end = fraction.length();
        while (fraction.charAt(end - 1) == '0') {
            end--;
        }
        return (negative ? "-" : "") + seconds + "." + fraction.substring(0, end);
    }

    private static void magic(byte[] header) {
        copy(header, MAGIC, "ustar\00000");
    }

    private static void copy(byte[] header, int offset, String value) {
        for (int i = 0; i < value.length(); i++) {
            header[offset + i] = (byte) value.charAt(i);
        }
    }

    private static void octal(byte[] header, int offset, int digits, long value) {
        long rest = value;
        for (int i = digits - 1; i >= 0; i--) {
            header[offset + i] = (byte) ('0' + (rest & 7));
            rest >>>= 3;
        }
    }

    private static void seal(byte[] header) {
        Arrays.fill(header, CHECKSUM, CHECKSUM + 8, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        octal(header, CHECKSUM, 6, sum);
        header[CHECKSUM + 6] = 0;
    }
}
