package dev.holdfast.core.source.files;

import dev.holdfast.core.source.files.FileStatus.FileTime;
import dev.holdfast.core.source.files.TarEntry.Extent;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads archives entry by entry: ustar and pax, and what GNU tar writes (long names, base-256 numbers, sparse files of its old kind
 * and 0.0, 0.1 and 1.0). Nothing in it is trusted: checksums, lengths and maps are checked, and memory is bounded.
 */
final class TarReader {
    private static final int BLOCK = TarHeaders.BLOCK;
    /** Largest extended header or long name; attributes of one file may hold 64 KiB each. */
    private static final int LARGEST_HEADER_BYTES = 8 * 1024 * 1024;

    private static final int MOST_EXTENTS = 1_000_000;
    private static final Pattern TIME = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{0,40})?");

    private final InputStream in;
    private final TarRoot root;
    private final byte[] block = new byte[BLOCK];
    private final Map<String, String> global = new LinkedHashMap<>();
    private long rest;
    private long padding;
    private boolean ended;

    TarReader(InputStream in) {
        this(in, TarRoot.NONE);
    }

    /** Reads the paths of the folder that the root stands for. */
    TarReader(InputStream in, TarRoot root) {
        this.in = in;
        this.root = root;
    }

    /** The next entry, after the rest of the last one is skipped; empty after the end mark, when the input has ended too. */
    Optional<TarEntry> next() throws IOException {
        if (ended) {
            return Optional.empty();
        }
        skip(rest + padding);
        rest = 0;
        padding = 0;
        Map<String, String> records = new LinkedHashMap<>(global);
        List<Long> oldSparse = new ArrayList<>();
        while (true) {
            readBlock();
            if (isZero()) {
                readBlock();
                if (!isZero()) {
                    throw new TarFormatException("the archive has one block of zeros where its end mark has two");
                }
                in.transferTo(OutputStream.nullOutputStream());
                ended = true;
                return Optional.empty();
            }
            checkSum();
            switch (block[156]) {
                case 'x' -> parseRecords(longBody(), records, oldSparse);
                case 'g' -> {
                    parseRecords(longBody(), global, new ArrayList<>());
                    records.putAll(global);
                }
                case 'L' -> records.put("path", untilNul(longBody()));
                case 'K' -> records.put("linkpath", untilNul(longBody()));
                default -> {
                    return Optional.of(entry(records, oldSparse));
                }
            }
        }
    }

    /** Reads stored bytes of the current entry; -1 after the last. */
    int read(byte[] target, int length) throws IOException {
        if (rest == 0) {
            return -1;
        }
        int got = in.read(target, 0, (int) Math.min(length, rest));
        if (got < 0) {
            throw cut();
        }
        rest -= got;
        return got;
    }

    private static TarFormatException cut() {
        return new TarFormatException("the archive ends too early: it is cut");
    }

    private void readBlock() throws IOException {
        if (in.readNBytes(block, 0, BLOCK) < BLOCK) {
            throw cut();
        }
    }

    private boolean isZero() {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private void skip(long bytes) throws IOException {
        byte[] waste = new byte[(int) Math.min(bytes, 64 * 1024)];
        long left = bytes;
        while (left > 0) {
            int got = in.read(waste, 0, (int) Math.min(waste.length, left));
            if (got < 0) {
                throw cut();
            }
            left -= got;
        }
    }

    /** Old programs summed signed bytes. */
    private void checkSum() throws TarFormatException {
        long stated = number(148, 8, "checksum");
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < BLOCK; i++) {
            byte b = i >= 148 && i < 156 ? (byte) ' ' : block[i];
            unsigned += b & 0xff;
            signed += b;
        }
        if (stated != unsigned && stated != signed) {
            throw new TarFormatException("a header of the archive has a wrong checksum: it is damaged or no tar");
        }
    }

    /** Octal digits, or base 256 where the first bit is set (GNU). */
    private long number(int offset, int length, String what) throws TarFormatException {
        if ((block[offset] & 0x80) != 0) {
            boolean negative = (block[offset] & 0x40) != 0;
            long value = (negative ? -1L << 6 : 0) | (block[offset] & 0x3f);
            for (int i = 1; i < length; i++) {
                if (value != value << 8 >> 8) {
                    throw new TarFormatException("the " + what + " of an entry is too large");
                }
                value = (value << 8) | (block[offset + i] & 0xff);
            }
            return value;
        }
        String digits = untilNul(offset, length).strip();
        if (digits.isEmpty()) {
            return 0;
        }
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '7') {
                throw new TarFormatException("the " + what + " of an entry is no number");
            }
        }
        return Long.parseLong(digits, 8);
    }

    private String untilNul(int offset, int length) {
        int end = offset;
        while (end < offset + length && block[end] != 0) {
            end++;
        }
        return new String(block, offset, end - offset, StandardCharsets.ISO_8859_1);
    }

    private static String untilNul(String text) {
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    private String longBody() throws IOException {
        long size = number(124, 12, "size");
        if (size < 0 || size > LARGEST_HEADER_BYTES) {
            throw new TarFormatException("an extended header of " + size + " bytes is too large");
        }
        byte[] body = in.readNBytes((int) size);
        if (body.length < size) {
            throw cut();
        }
        skip(TarHeaders.padding(size));
        return ByteNames.of(body);
    }

    private static void parseRecords(String body, Map<String, String> records, List<Long> sparse)
            throws TarFormatException {
        int at = 0;
        while (at < body.length()) {
            int space = body.indexOf(' ', at);
            long length = space < 0 || space - at > 9 ? -1 : decimal(body.substring(at, space), "record length");
            long end = at + length;
            int equals = space < 0 ? -1 : body.indexOf('=', space);
            if (length < 5
                    || end > body.length()
                    || body.charAt((int) end - 1) != '\n'
                    || equals < 0
                    || equals >= end) {
                throw new TarFormatException("an extended header of the archive is damaged");
            }
            String key = body.substring(space + 1, equals);
            String value = body.substring(equals + 1, (int) end - 1);
            if (key.equals("GNU.sparse.offset") || key.equals("GNU.sparse.numbytes")) {
                addNumber(sparse, decimal(value, key));
            } else if (value.isEmpty() && !key.startsWith("SCHILY.xattr.")) {
                records.remove(key); // an empty value takes an earlier one back
            } else {
                records.put(key, value);
            }
            at = (int) end;
        }
    }

    private static void addNumber(List<Long> numbers, long number) throws TarFormatException {
        if (numbers.size() >= 2 * MOST_EXTENTS) {
            throw new TarFormatException("a sparse file of the archive has too many pieces");
        }
        numbers.add(number);
    }

    private static long decimal(String digits, String what) throws TarFormatException {
        boolean valid =
                !digits.isEmpty() && digits.length() <= 18 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!valid) {
            throw new TarFormatException("the " + what + " of an entry is no number");
        }
        return Long.parseLong(digits);
    }

    private TarEntry entry(Map<String, String> records, List<Long> sparse) throws IOException {
        char type = (char) (block[156] & 0xff);
        String path = records.containsKey("path") ? records.get("path") : headerPath();
        EntryKind kind = kind(type, path);
        long uid = numberOr(records, "uid", 108, 8);
        long gid = numberOr(records, "gid", 116, 8);
        int mode = (int) number(100, 8, "mode") & 07777;
        long size = kind == EntryKind.FILE ? numberOr(records, "size", 124, 12) : 0;
        if (size < 0 || (kind == EntryKind.HARD_LINK && numberOr(records, "size", 124, 12) != 0)) {
            throw new TarFormatException("the size of entry " + ByteNames.display(path) + " is wrong");
        }
        boolean device = kind == EntryKind.CHARACTER_DEVICE || kind == EntryKind.BLOCK_DEVICE;
        long major = device ? numberOr(records, "SCHILY.devmajor", 329, 8) : 0;
        long minor = device ? numberOr(records, "SCHILY.devminor", 337, 8) : 0;
        FileTime modified = modified(records);
        String link = records.containsKey("linkpath") ? records.get("linkpath") : untilNul(157, 100);
        rest = size;
        padding = TarHeaders.padding(size);
        long realSize = size;
        List<Extent> extents = List.of(new Extent(0, size));
        if (type == 'S') {
            realSize = number(483, 12, "real size");
            extents = checked(oldSparse(), realSize, rest);
        } else if (records.containsKey("GNU.sparse.major")) {
            path = sparseName(records, path);
            realSize = decimal(records.getOrDefault("GNU.sparse.realsize", ""), "real size");
            extents = checked(mapOfBody(), realSize, rest);
        } else if (records.containsKey("GNU.sparse.size")) {
            path = sparseName(records, path);
            realSize = decimal(records.getOrDefault("GNU.sparse.size", ""), "real size");
            String map = records.get("GNU.sparse.map");
            extents = checked(map == null ? sparse : listed(map), realSize, rest);
        }
        Map<String, byte[]> attributes = new TreeMap<>();
        records.forEach((key, value) -> {
            if (key.startsWith("SCHILY.xattr.")) {
                attributes.put(key.substring("SCHILY.xattr.".length()), ByteNames.bytes(value));
            }
        });
        boolean foreignAcl = records.keySet().stream().anyMatch(key -> key.startsWith("SCHILY.acl."));
        if (path.isEmpty() || path.indexOf('\0') >= 0 || link.indexOf('\0') >= 0) {
            throw new TarFormatException("an entry of the archive has no name, or a NUL in it");
        }
        boolean linkKind = kind == EntryKind.HARD_LINK || kind == EntryKind.SYMBOLIC_LINK;
        path = root.read(path);
        if (kind == EntryKind.HARD_LINK) {
            link = root.read(link);
        }
        FileStatus status = new FileStatus(mode, uid, gid, 1, realSize, 0, 0, 0, major, minor, modified, modified);
        return new TarEntry(kind, path, linkKind ? link : "", status, rest, attributes, extents, foreignAcl);
    }

    private static String sparseName(Map<String, String> records, String path) {
        return records.getOrDefault("GNU.sparse.name", path);
    }

    /** Only POSIX headers have a prefix; GNU's have other things in its place. */
    private String headerPath() {
        String name = untilNul(0, 100);
        boolean posix = untilNul(257, 6).equals("ustar") && block[263] == '0';
        String prefix = posix ? untilNul(345, 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static EntryKind kind(char type, String path) throws TarFormatException {
        return switch (type) {
            case '0', '\0', '7' -> path.endsWith("/") && type != '7' ? EntryKind.DIRECTORY : EntryKind.FILE;
            case 'S' -> EntryKind.FILE;
            case '1' -> EntryKind.HARD_LINK;
            case '2' -> EntryKind.SYMBOLIC_LINK;
            case '3' -> EntryKind.CHARACTER_DEVICE;
            case '4' -> EntryKind.BLOCK_DEVICE;
            case '5' -> EntryKind.DIRECTORY;
            case '6' -> EntryKind.FIFO;
            default ->
                throw new TarFormatException("entry " + ByteNames.display(path) + " is of the unknown type '"
                        + ByteNames.display(String.valueOf(type)) + "'");
        };
    }

    private long numberOr(Map<String, String> records, String key, int offset, int length) throws TarFormatException {
        String value = records.get(key);
        return value == null ? number(offset, length, key) : decimal(value, key);
    }

    private FileTime modified(Map<String, String> records) throws TarFormatException {
        String text = records.get("mtime");
        if (text == null) {
            return new FileTime(number(136, 12, "time"), 0);
        }
        if (!TIME.matcher(text).matches()) {
            throw new TarFormatException("the time of an entry is no number");
        }
        BigDecimal time = new BigDecimal(text.endsWith(".") ? text + "0" : text);
        BigDecimal seconds = time.setScale(0, RoundingMode.FLOOR);
        int nanoseconds = time.subtract(seconds).movePointRight(9).intValue();
        return new FileTime(seconds.longValueExact(), nanoseconds);
    }

    private List<Long> oldSparse() throws IOException {
        List<Long> numbers = new ArrayList<>();
        oldSparse(386, 4, numbers);
        boolean extended = block[482] != 0;
        while (extended) {
            readBlock();
            oldSparse(0, 21, numbers);
            extended = block[504] != 0;
        }
        return numbers;
    }

    private void oldSparse(int offset, int count, List<Long> numbers) throws TarFormatException {
        for (int i = 0; i < count; i++) {
            int at = offset + 24 * i;
            if (block[at + 12] == 0) {
                return;
            }
            addNumber(numbers, number(at, 12, "sparse offset"));
            addNumber(numbers, number(at + 12, 12, "sparse length"));
        }
    }

    /** Sparse 1.0: decimal lines at the start of the body, padded to whole blocks. */
    private List<Long> mapOfBody() throws IOException {
        List<Long> numbers = new ArrayList<>();
        StringBuilder digits = new StringBuilder();
        long wanted = -1;
        while (wanted < 0 || numbers.size() < 2 * wanted) {
            if (rest < BLOCK) {
                throw new TarFormatException("the map of a sparse file is damaged");
            }
            readBlock();
            rest -= BLOCK;
            for (int i = 0; i < BLOCK && (wanted < 0 || numbers.size() < 2 * wanted); i++) {
                if (block[i] != '\n') {
                    digits.append((char) (block[i] & 0xff));
                    if (digits.length() > 18) {
                        throw new TarFormatException("the map of a sparse file is damaged");
                    }
                    continue;
                }
                long number = decimal(digits.toString(), "sparse map");
                digits.setLength(0);
                if (wanted < 0) {
                    wanted = number;
                } else {
                    addNumber(numbers, number);
                }
            }
        }
        return numbers;
    }

    private static List<Long> listed(String map) throws TarFormatException {
        List<Long> numbers = new ArrayList<>();
        for (int at = 0; at < map.length(); ) {
            int comma = map.indexOf(',', at);
            int end = comma < 0 ? map.length() : comma;
            addNumber(numbers, decimal(map.substring(at, end), "sparse map"));
            at = end + 1;
        }
        return numbers;
    }

    private static List<Extent> checked(List<Long> numbers, long realSize, long stored) throws TarFormatException {
        List<Extent> extents = new ArrayList<>();
        long end = 0;
        long sum = 0;
        boolean wrong = numbers.size() % 2 != 0 || realSize < 0;
        for (int i = 0; i + 1 < numbers.size() && !wrong; i += 2) {
            long offset = numbers.get(i);
            long length = numbers.get(i + 1);
            wrong = offset < end || length < 0 || length > realSize || offset > realSize - length;
            end = offset + length;
            sum += length;
            extents.add(new Extent(offset, length));
        }
        if (wrong || sum != stored) {
            throw new TarFormatException("the map of a sparse file does not fit its size");
        }
        return extents;
    }
}
