package dev.holdfast.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class LeaseOwnerTest {
    private final Liveness here = Liveness.ofProcesses("host:a");

    @Test
    void thisProcessIsAliveAndItsTextReadsBack() throws IOException {
        LeaseOwner self = LeaseOwner.ofThisProcess("host:a");
        assertThat(LeaseOwner.parse(self.text())).contains(self);
        assertThat(here.isGone(self.text())).isFalse();
    }

    @Test
    void aProcessThatEndedIsGone() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sleep", "60").start();
        LeaseOwner self = LeaseOwner.ofThisProcess("host:a");
        long start = LeaseOwner.startOf(process.pid()).orElseThrow();
        String owner = new LeaseOwner(self.host(), process.pid(), start, self.scope()).text();
        assertThat(here.isGone(owner)).isFalse();
        process.destroy();
        process.waitFor();
        assertThat(here.isGone(owner)).isTrue();
    }

    @Test
    void aProcessIdThatWasGivenAgainIsGone() throws IOException {
        LeaseOwner self = LeaseOwner.ofThisProcess("host:a");
        assertThat(here.isGone(new LeaseOwner(self.host(), self.pid(), self.start() - 1, self.scope()).text()))
                .isTrue();
    }

    @Test
    void whatCannotBeJudgedFromHereMayLive() throws IOException {
        LeaseOwner self = LeaseOwner.ofThisProcess("host:a");
        assertThat(here.isGone(new LeaseOwner("other", self.pid(), 1, self.scope()).text()))
                .isFalse();
        assertThat(here.isGone(new LeaseOwner(self.host(), self.pid(), 1, "another-boot,1").text()))
                .isFalse();
        assertThat(here.isGone("function-17")).isFalse();
    }
}
