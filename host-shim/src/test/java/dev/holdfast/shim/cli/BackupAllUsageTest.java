package dev.holdfast.shim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What does not go together is refused before anything is asked or opened. */
class BackupAllUsageTest {
    @Test
    void allTakesNoSourceOfItsOwn() {
        assertThat(Holdfast.run("backup", "--all", "shop-db")).isEqualTo(ExitCode.WRONG_USE);
        assertThat(Holdfast.run("backup", "--all", "--stdin", "x")).isEqualTo(ExitCode.WRONG_USE);
        assertThat(Holdfast.run("backup", "--all", "--name", "x")).isEqualTo(ExitCode.WRONG_USE);
        assertThat(Holdfast.run("backup", "--all", "--folder", "/etc")).isEqualTo(ExitCode.WRONG_USE);
        assertThat(Holdfast.run("backup", "--all", "--volume", "x")).isEqualTo(ExitCode.WRONG_USE);
        assertThat(Holdfast.run("backup", "--pattern", "a-*", "shop-db")).isEqualTo(ExitCode.WRONG_USE);
        assertThat(Holdfast.run("backup", "--all", "--pattern", " ")).isEqualTo(ExitCode.WRONG_USE);
        assertThat(Holdfast.run("discover", "--pattern", "")).isEqualTo(ExitCode.WRONG_USE);
    }

    @Test
    void parallelIsForDatabasesAndHasLimits() {
        assertThat(Holdfast.run("backup", "--parallel", "0", "shop-db")).isEqualTo(ExitCode.WRONG_USE);
        assertThat(Holdfast.run("backup", "--parallel", "9", "--all")).isEqualTo(ExitCode.WRONG_USE);
        assertThat(Holdfast.run("backup", "--parallel", "2", "--stdin", "x")).isEqualTo(ExitCode.WRONG_USE);
    }
}
