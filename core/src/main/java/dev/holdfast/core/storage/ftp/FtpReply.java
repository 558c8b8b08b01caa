package dev.holdfast.core.storage.ftp;

import java.util.List;
import java.util.Locale;

/**
 * What the server answered to one command.
 *
 * @param code three digits (RFC 959 4.2)
 * @param lines as received, the code included
 */
record FtpReply(int code, List<String> lines) {
    private static final int SHOWN_CHARACTERS = 200;
    private static final int CODE_CHARACTERS = 4;

    FtpReply {
        lines = List.copyOf(lines);
    }

    boolean isDone() {
        return code >= 200 && code < 300;
    }

    boolean wantsMore() {
        return code >= 300 && code < 400;
    }

    /** The server does not know the command, or not this use of it. */
    boolean isUnknownCommand() {
        return code == 500 || code == 501 || code == 502 || code == 504;
    }

    /** The name is not there, or may not be used: servers do not tell these apart by code. */
    boolean isNameRefused() {
        return code == 550 || code == 553 || code == 450;
    }

    /** A rename failed for the names' sake, a missing folder perhaps: Pure-FTPd has 451 for that. */
    boolean isRenameRefused() {
        return isNameRefused() || code == 451;
    }

    boolean says(String... words) {
        String text = String.join("\n", lines).toLowerCase(Locale.ROOT);
        for (String word : words) {
            if (text.contains(word)) {
                return true;
            }
        }
        return false;
    }

    /** The text after the code on the last line. */
    String text() {
        String last = lines.getLast();
        return last.length() > CODE_CHARACTERS ? last.substring(CODE_CHARACTERS) : "";
    }

    /** For messages: one line without control characters. */
    String display() {
        String line = lines.getLast().replaceAll("\\p{Cntrl}", "?");
        return line.length() > SHOWN_CHARACTERS ? line.substring(0, SHOWN_CHARACTERS) + "..." : line;
    }
}
