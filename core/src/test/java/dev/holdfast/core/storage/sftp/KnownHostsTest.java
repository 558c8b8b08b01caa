package dev.holdfast.core.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class KnownHostsTest {
    private static final String KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ a comment";

    @Test
    void namesPatternsAndNegationsMatch() {
        KnownHosts hosts = KnownHosts.parse(List.of("# comment", "", "NAS.example,10.0.0.?,*.lan,!bad.lan " + KEY));

        assertThat(hosts.of("nas.EXAMPLE", 22)).hasSize(1);
        assertThat(hosts.of("10.0.0.7", 22)).hasSize(1);
        assertThat(hosts.of("10.0.0.77", 22)).isEmpty();
        assertThat(hosts.of("good.lan", 22)).hasSize(1);
        assertThat(hosts.of("bad.lan", 22)).isEmpty();
        assertThat(hosts.of("nasXexample", 22)).isEmpty();
    }

    @Test
    void aPortNeedsItsOwnEntryWhereThereIsOne() {
        KnownHosts both = KnownHosts.parse(List.of("[nas]:2222 " + KEY, "nas " + KEY, "nas " + KEY));
        assertThat(both.of("nas", 2222)).hasSize(1);
        assertThat(both.of("nas", 22)).hasSize(2);
        assertThat(both.of("nas", 23))
                .as("as OpenSSH does, the bare name counts then")
                .hasSize(2);
        assertThat(KnownHosts.parse(List.of("[::1]:2222 " + KEY)).of("::1", 2222))
                .hasSize(1);
        assertThat(KnownHosts.parse(List.of("[nas]:2222 " + KEY)).of("nas", 22)).isEmpty();
    }

    /** The line is what {@code ssh-keygen -H} made of {@code [nas.example]:2222}. */
    @Test
    void hashedNamesMatch() {
        KnownHosts hosts =
                KnownHosts.parse(List.of("|1|5M3NVA3BHmliTDkoxpoQm/6jjhA=|vlLDWLypIxd9lrZGjZ6/JbD9Bcs= " + KEY));
        assertThat(hosts.of("nas.example", 2222)).hasSize(1);
        assertThat(hosts.of("NAS.example", 2222)).hasSize(1);
        assertThat(hosts.of("nas.example", 22)).isEmpty();
        assertThat(hosts.of("other", 2222)).isEmpty();
    }

    @Test
    void markersAreKept() {
        KnownHosts hosts = KnownHosts.parse(List.of("@revoked * " + KEY, "@cert-authority *.lan " + KEY));
        assertThat(hosts.of("x.lan", 22))
                .extracting(KnownHosts.Entry::marker)
                .containsExactly(KnownHosts.Marker.REVOKED, KnownHosts.Marker.CERT_AUTHORITY);
    }

    @Test
    void aDamagedLineIsRefusedByNumber() {
        for (String line : List.of("nas", "nas ssh-ed25519", "nas ssh-ed25519 %%%", "@strange nas " + KEY)) {
            assertThatThrownBy(() -> KnownHosts.parse(List.of("# first", line)))
                    .as(line)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("line 2");
        }
    }
}
