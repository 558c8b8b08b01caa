package dev.holdfast.shim.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.model.Secret;
import dev.holdfast.shim.login.StandInOAuth.Trouble;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class OAuthLoginTest {
    private static Secret paste(StandInOAuth server, Browser browser) throws IOException {
        OAuthApp app = server.at(LoginType.DROPBOX).app(StandInOAuth.CLIENT, Optional.empty());
        try (CodeSource codes = new PastedCode(browser.keyboard(), browser.screen())) {
            return new OAuthLogin(app, new SecureRandom()).run(codes);
        }
    }

    private static Secret loopback(StandInOAuth server, Browser browser, Duration patience) throws IOException {
        OAuthApp app =
                server.at(LoginType.GDRIVE).app(StandInOAuth.CLIENT, Optional.of(Secret.of(StandInOAuth.SECRET)));
        try (CodeSource codes = new LoopbackCode(browser.screen(), patience)) {
            return new OAuthLogin(app, new SecureRandom()).run(codes);
        }
    }

    private static void silent(Browser browser) {
        assertThat(browser.text())
                .doesNotContain(StandInOAuth.TOKEN)
                .doesNotContain("access-token")
                .doesNotContain(StandInOAuth.SECRET)
                .doesNotContain("code-");
    }

    @Test
    void aPastedCodeBecomesARefreshToken() throws Exception {
        try (StandInOAuth server = new StandInOAuth(false)) {
            Browser browser = new Browser(server);
            assertThat(paste(server, browser)).isEqualTo(Secret.of(StandInOAuth.TOKEN));
            assertThat(browser.text()).contains("token_access_type=offline").doesNotContain("redirect_uri");
            silent(browser);
        }
    }

    @Test
    void aCodeAtTheLoopbackBecomesARefreshToken() throws Exception {
        try (StandInOAuth server = new StandInOAuth(true)) {
            Browser browser = new Browser(server);
            assertThat(loopback(server, browser, Duration.ofSeconds(30))).isEqualTo(Secret.of(StandInOAuth.TOKEN));
            assertThat(browser.failures()).isEmpty();
            assertThat(browser.text()).contains("access_type=offline").contains("state=");
            silent(browser);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NO_CODE, no code was given",
        "OTHER_CODE, does not accept the code",
        "NO_REFRESH_TOKEN, gave no refresh token",
        "FEWER_SCOPES, does not give the permissions files.content.write",
        "PAGE_OF_A_PROXY, does not answer as a login does"
    })
    void whatGoesWrongWithAPastedCodeIsSaid(Trouble trouble, String words) throws Exception {
        try (StandInOAuth server = new StandInOAuth(false)) {
            server.make(trouble);
            Browser browser = new Browser(server);
            refused(words, () -> paste(server, browser));
            silent(browser);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "USER_REFUSES, refused in the browser (access_denied)",
        "WRONG_STATE, its state differs",
        "NO_STATE, its state differs",
        "NO_CODE, brought no code",
        "OTHER_CODE, does not accept the code",
        "NO_REFRESH_TOKEN, gave no refresh token",
        "FEWER_SCOPES, does not give the permissions https://www.googleapis.com/auth/drive.file",
        "PAGE_OF_A_PROXY, does not answer as a login does"
    })
    void whatGoesWrongAtTheLoopbackIsSaid(Trouble trouble, String words) throws Exception {
        try (StandInOAuth server = new StandInOAuth(true)) {
            server.make(trouble);
            Browser browser = new Browser(server);
            refused(words, () -> loopback(server, browser, Duration.ofSeconds(30)));
            assertThat(browser.failures()).isEmpty();
            silent(browser);
        }
    }

    @Test
    void aCodeThatAnotherVerifierAskedForIsRefused() throws Exception {
        String other = "code_challenge=" + StandInOAuth.challenge("another-verifier") + "&";
        try (StandInOAuth server = new StandInOAuth(false)) {
            Browser browser = new Browser(server);
            browser.tamper(address -> address.replaceAll("code_challenge=[^&]+&", other));
            refused("belongs to another login", () -> paste(server, browser));
        }
        try (StandInOAuth server = new StandInOAuth(true)) {
            Browser browser = new Browser(server);
            browser.tamper(address -> address.replaceAll("code_challenge=[^&]+&", other));
            refused("belongs to another login", () -> loopback(server, browser, Duration.ofSeconds(30)));
        }
    }

    @Test
    void aWrongSecretIsRefused() throws Exception {
        try (StandInOAuth server = new StandInOAuth(true)) {
            Browser browser = new Browser(server);
            OAuthApp app = server.at(LoginType.GDRIVE).app(StandInOAuth.CLIENT, Optional.of(Secret.of("wrong-one")));
            refused("does not accept the app " + StandInOAuth.CLIENT, () -> {
                try (CodeSource codes = new LoopbackCode(browser.screen(), Duration.ofSeconds(30))) {
                    new OAuthLogin(app, new SecureRandom()).run(codes);
                }
            });
        }
    }

    @Test
    void aBrowserThatNeverComesIsNotWaitedForForever() throws Exception {
        try (StandInOAuth server = new StandInOAuth(true)) {
            OAuthApp app = server.at(LoginType.GDRIVE).app(StandInOAuth.CLIENT, Optional.empty());
            refused("no answer came from the browser", () -> {
                try (CodeSource codes = new LoopbackCode(
                        new java.io.PrintStream(java.io.OutputStream.nullOutputStream()), Duration.ofMillis(50))) {
                    new OAuthLogin(app, new SecureRandom()).run(codes);
                }
            });
        }
    }

    @Test
    void anEndOfInputIsNoCode() {
        PastedCode codes = new PastedCode(
                new BufferedReader(new StringReader("")),
                new java.io.PrintStream(java.io.OutputStream.nullOutputStream()));
        refused("no code was given", () -> codes.await(URI.create("https://x.example/"), "state"));
    }

    @Test
    void aLoginGoesOverHttpsOnly() {
        LoginType plain = LoginType.DROPBOX.at(
                URI.create("https://www.dropbox.example/authorize"), URI.create("http://api.dropbox.example/token"));
        assertThatThrownBy(() -> plain.app("x", Optional.empty())).hasMessageContaining("https only");
        for (LoginType type : LoginType.ALL) {
            assertThat(type.app("x", Optional.empty()).parameters()).containsValue("offline");
        }
    }

    @Test
    void eachLoginHasItsOwnVerifierAndItsHash() {
        Pkce one = Pkce.random(new SecureRandom());
        Pkce two = Pkce.random(new SecureRandom());
        assertThat(one.verifier()).isNotEqualTo(two.verifier());
        assertThat(one.verifier().reveal()).matches("[A-Za-z0-9_-]{43}");
        assertThat(one.challenge())
                .isEqualTo(StandInOAuth.challenge(one.verifier().reveal()));
        assertThat(one.toString()).doesNotContain(one.verifier().reveal());
        // the example of RFC 7636, appendix B
        assertThat(StandInOAuth.challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))
                .isEqualTo("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    @Test
    void fieldsAreTakenApart() {
        assertThat(OAuthLogin.fields("a=1&b=%20x&a=2&c&=d&e=%zz")).isEqualTo(Map.of("a", "1", "b", " x", "e", ""));
    }

    private static void refused(String words, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(LoginFailedException.class)
                .hasMessageContaining(words)
                .satisfies(e -> {
                    java.io.StringWriter trace = new java.io.StringWriter();
                    e.printStackTrace(new java.io.PrintWriter(trace));
                    assertThat(trace.toString())
                            .doesNotContain(StandInOAuth.TOKEN)
                            .doesNotContain("access-token")
                            .doesNotContain(StandInOAuth.SECRET)
                            .doesNotContain("code-");
                });
    }
}
