package dev.holdfast.core.storage.ftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class FtpEntryTest {
    @Test
    void factsOfAFile() {
        assertThat(FtpEntry.ofFacts("modify=20261129070305.123;perm=adfrw;size=42;type=file;unique=1;  a; b=c "))
                .contains(new FtpEntry(" a; b=c ", FtpEntry.Kind.FILE, 42, Instant.parse("2026-11-29T07:03:05Z")));
        assertThat(FtpEntry.ofFacts("Type=FILE;Size=1;Modify=20260101000000; x"))
                .hasValueSatisfying(entry -> assertThat(entry.bytes()).isEqualTo(1));
    }

    @Test
    void factsOfOtherThings() {
        assertThat(FtpEntry.ofFacts("type=dir;sizd=4096; d").orElseThrow().kind())
                .isEqualTo(FtpEntry.Kind.FOLDER);
        assertThat(FtpEntry.ofFacts("type=cdir; .").orElseThrow().kind()).isEqualTo(FtpEntry.Kind.SELF_OR_PARENT);
        assertThat(FtpEntry.ofFacts("type=dir; ..").orElseThrow().kind()).isEqualTo(FtpEntry.Kind.SELF_OR_PARENT);
        assertThat(FtpEntry.ofFacts("type=OS.unix=slink:/x;size=1;modify=20260101000000; l")
                        .orElseThrow()
                        .kind())
                .isEqualTo(FtpEntry.Kind.OTHER);
    }

    @Test
    void whatCannotBeBelievedIsNoEntry() {
        assertThat(FtpEntry.ofFacts("size=1;modify=20260101000000; without-type"))
                .isEmpty();
        assertThat(FtpEntry.ofFacts("type=file;modify=20260101000000; without-size"))
                .isEmpty();
        assertThat(FtpEntry.ofFacts("type=file;size=-3;modify=20260101000000; negative"))
                .isEmpty();
        assertThat(FtpEntry.ofFacts("type=file;size=1;modify=2026; x")).isEmpty();
        assertThat(FtpEntry.ofFacts("nonsense")).isEmpty();
    }

    @Test
    void foldersSortAsTheirKeysDo() {
        FtpEntry folder = new FtpEntry("a", FtpEntry.Kind.FOLDER, 0, Instant.EPOCH);
        FtpEntry file = new FtpEntry("a.b", FtpEntry.Kind.FILE, 0, Instant.EPOCH);
        assertThat(file.sortKey()).isLessThan(folder.sortKey());
    }
}
