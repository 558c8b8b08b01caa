package dev.holdfast.shim.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The user at the terminal: opens the address that is printed, and pastes the code or follows the redirect. */
public final class Browser {
    private static final Pattern ADDRESS = Pattern.compile("\\s(http://127\\.0\\.0\\.1:[0-9]+/authorize\\S+)");

    private final StandInOAuth server;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private UnaryOperator<String> tamper = UnaryOperator.identity();
    private boolean visited;

    public Browser(StandInOAuth server) {
        this.server = server;
    }

    /** Changes the address before it is opened, as an attacker's link would. */
    public void tamper(UnaryOperator<String> change) {
        tamper = change;
    }

    /** All that was printed. */
    public String text() {
        return printed.toString(UTF_8);
    }

    /** What went wrong on the provider's pages. */
    public List<Throwable> failures() {
        return failures;
    }

    private Optional<String> address() {
        Matcher matcher = ADDRESS.matcher(text());
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** The terminal's screen; a redirect is followed when the address is on it. */
    public PrintStream screen() {
        return new PrintStream(printed, true, UTF_8) {
            @Override
            public void flush() {
                super.flush();
                follow();
            }
        };
    }

    private synchronized void follow() {
        Optional<String> address = address().filter(text -> text.contains("redirect_uri="));
        if (address.isPresent() && !visited) {
            visited = true;
            Thread.ofVirtual().start(() -> {
                try (HttpClient http = HttpClient.newHttpClient()) {
                    String target = server.visit(tamper.apply(address.get()));
                    String icon = target.substring(0, target.indexOf("/?")) + "/favicon.ico";
                    for (String each : List.of(icon, target)) {
                        http.send(
                                HttpRequest.newBuilder(URI.create(each)).build(),
                                HttpResponse.BodyHandlers.discarding());
                    }
                } catch (IOException | InterruptedException | AssertionError e) {
                    failures.add(e);
                }
            });
        }
    }

    /** The terminal's keyboard: types the code that the page shows. */
    public BufferedReader keyboard() {
        return new BufferedReader(new Reader() {
            private boolean typed;

            @Override
            public int read(char[] buffer, int offset, int length) {
                if (typed) {
                    return -1;
                }
                typed = true;
                String line = "  " + server.visit(tamper.apply(address().orElseThrow())) + " \n";
                line.getChars(0, line.length(), buffer, offset);
                return line.length();
            }

            @Override
            public void close() {
                // nothing is open
            }
        });
    }
}
