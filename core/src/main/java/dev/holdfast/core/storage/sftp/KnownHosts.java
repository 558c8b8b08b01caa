package dev.holdfast.core.storage.sftp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * OpenSSH's known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"): plain and hashed names, patterns and negations,
 * ports in {@code [host]:port} form, and the markers {@code @revoked} and {@code @cert-authority}. Lines that are no
 * entries are refused with their number: a damaged file should be repaired, not half believed.
 */
record KnownHosts(List<Entry> entries) {
    private static final int SSH_PORT = 22;

    /** What a line says about the hosts it names. */
    enum Marker {
        NONE,
        REVOKED,
        CERT_AUTHORITY
    }

    /**
     * One line.
     *
     * @param names the comma-separated patterns or one hashed name
     * @param keyType as in {@code ssh-ed25519}
     * @param key the key as SSH sends it
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a record
    record Entry(Marker marker, String names, String keyType, byte[] key) {
        boolean names(String name) {
            if (names.startsWith("|")) {
                return hashMatches(names, name);
            }
            boolean matched = false;
            for (String pattern : names.toLowerCase(Locale.ROOT).split(",", -1)) {
                if (pattern.startsWith("!") && matches(pattern.substring(1), name)) {
                    return false;
                }
                matched |= matches(pattern, name);
            }
            return matched;
        }

        boolean isFor(byte[] candidate) {
            return Arrays.equals(key, candidate);
        }
    }

    KnownHosts {
        entries = List.copyOf(entries);
    }

    /** Reads a file; {@link IllegalArgumentException} names the line that is no entry. */
    static KnownHosts read(Path file) throws IOException {
        return parse(Files.readAllLines(file, StandardCharsets.UTF_8));
    }

    static KnownHosts parse(List<String> lines) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            int number = i + 1;
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                entries.add(entry(line)
                        .orElseThrow(() -> new IllegalArgumentException("line " + number + " is not an entry")));
            }
        }
        return new KnownHosts(entries);
    }

    /**
     * The entries for a host and port. As OpenSSH does, {@code [host]:port} comes first, and for another port than 22 the
     * bare host's entries count when there is none of the first kind.
     */
    List<Entry> of(String host, int port) {
        String bare = host.toLowerCase(Locale.ROOT);
        if (port == SSH_PORT) {
            return named(bare);
        }
        List<Entry> exact = named("[" + bare + "]:" + port);
        return exact.isEmpty() ? named(bare) : exact;
    }

    private List<Entry> named(String name) {
        return entries.stream().filter(entry -> entry.names(name)).toList();
    }

    private static Optional<Entry> entry(String line) {
        List<String> words = new ArrayList<>(List.of(line.split("\\s+")));
        Marker marker = Marker.NONE;
        switch (words.getFirst()) {
            case "@revoked" -> marker = Marker.REVOKED;
            case "@cert-authority" -> marker = Marker.CERT_AUTHORITY;
            default -> words.addFirst(""); // no marker; anything else with an @ fails below as a key
        }
        if (words.size() < 4) {
            return Optional.empty();
        }
        try {
            byte[] key = Base64.getDecoder().decode(words.get(3));
            return Optional.of(new Entry(marker, words.get(1), words.get(2), key));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // becomes the refusal that names the line
        }
    }

    private static boolean matches(String pattern, String name) {
        StringBuilder regex = new StringBuilder();
        pattern.chars()
                .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c)))
                .forEach(regex::append);
        return Pattern.matches(regex.toString(), name);
    }

    /** {@code |1|salt|HMAC-SHA1(salt, name)}, both in Base64. */
    private static boolean hashMatches(String hashed, String name) {
        String[] parts = hashed.split("\\|", -1);
        if (parts.length != 4 || !parts[1].equals("1")) {
            return false;
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(parts[2]), "HmacSHA1"));
            byte[] expected = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
            return Arrays.equals(expected, Base64.getDecoder().decode(parts[3]));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HmacSHA1", e);
        }
    }
}
