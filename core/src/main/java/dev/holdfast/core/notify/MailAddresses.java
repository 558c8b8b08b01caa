package dev.holdfast.core.notify;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;

/** Addresses of people. */
final class MailAddresses {
    private MailAddresses() {}

    /** @throws IllegalArgumentException when it is not exactly one address, or could be more than a header */
    static InternetAddress one(String text) {
        if (!text.equals(Lines.oneLine(text))) {
            throw new IllegalArgumentException("a mail address must be one line without control characters");
        }
        try {
            InternetAddress[] all = InternetAddress.parse(text, true);
            if (all.length == 1 && !all[0].isGroup() && all[0].getAddress().indexOf('@') > 0) {
                return all[0];
            }
        } catch (AddressException e) {
            throw new IllegalArgumentException("not a mail address: \"" + text + "\"", e);
        }
        throw new IllegalArgumentException("not one mail address: \"" + text + "\"");
    }
}
