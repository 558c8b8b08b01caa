package dev.holdfast.core.notify;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/** What the failure of a mail means. A server's own words are left out: it could repeat a login. */
final class MailFailures {
    private static final Pattern REPLY = Pattern.compile("[45][0-9]{2}[ -]");

    private MailFailures() {}

    static NotifyException of(MessagingException failure, NotifierSpec.Mail spec) {
        String name = "mail by " + spec.host();
        OptionalInt code = code(failure);
        if (failure instanceof AuthenticationFailedException && (code.isEmpty() || code.getAsInt() / 100 != 4)) {
            return new NotifyException.Refused(name + ": the server refused the login; check user and password");
        }
        if (code.isPresent()) {
            String text = name + ": the server answered with code " + code.getAsInt();
            return code.getAsInt() / 100 == 4
                    ? new NotifyException.Unavailable(text)
                    : new NotifyException.Refused(text + "; check the addresses and who may send");
        }
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 20; depth++) {
            if (cause instanceof IOException io) {
                return ConnectionFailures.of(io, name);
            }
            cause = next(cause);
        }
        // Without a code and without a broken connection it is the client that will not go on.
        return new NotifyException.Refused(
                spec.security() == NotifierSpec.MailSecurity.STARTTLS
                        ? name
                                + ": the server cannot do what is demanded of it; does it offer STARTTLS and a login there?"
                        : name + ": the server cannot do what is demanded of it; does it offer a login there?");
    }

    private static OptionalInt code(Throwable failure) {
        @Nullable Throwable each = failure;
        for (int depth = 0; each != null && depth < 20; depth++) {
            switch (each) {
                case SMTPAddressFailedException address -> {
                    return OptionalInt.of(address.getReturnCode());
                }
                case SMTPSenderFailedException sender -> {
                    return OptionalInt.of(sender.getReturnCode());
                }
                case SMTPSendFailedException send
                when send.getNextException() == null -> {
                    return OptionalInt.of(send.getReturnCode());
                }
                default -> {
                    OptionalInt written = written(each.getMessage());
                    if (written.isPresent()) {
                        return written;
                    }
                    each = next(each);
                }
            }
        }
        return OptionalInt.empty();
    }

    /** A reply to a command that is no part of a message (STARTTLS, AUTH) is told only as a text: {@code 454 TLS currently unavailable}. */
    private static OptionalInt written(@Nullable String message) {
        return message != null && REPLY.matcher(message).lookingAt()
                ? OptionalInt.of(Integer.parseInt(message.substring(0, 3)))
                : OptionalInt.empty();
    }

    private static @Nullable Throwable next(Throwable failure) {
        return failure instanceof MessagingException mail ? mail.getNextException() : failure.getCause();
    }
}
