package dev.holdfast.shim.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.source.files.HostFolder;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SourceOptionsTest {
    private static SourceOptions of(String... arguments) {
        return CommandLine.populateCommand(new SourceOptions(), arguments);
    }

    @ParameterizedTest
    @CsvSource({"/etc,files-etc", "/var/lib/app,files-var-lib-app", "/,files", "/srv/my data,files-srv-my-data"})
    void aFolderHasAName(String folder, String name) throws IOException {
        assertThat(of("--folder", folder)
                        .chosen(Optional.empty(), Optional.empty(), List.of())
                        .orElseThrow()
                        .name()
                        .text())
                .isEqualTo(name);
    }

    @Test
    void aFolderWithoutLettersNeedsAName() {
        assertThatThrownBy(() -> SourceOptions.defaultName(new HostFolder("/\u00e9")))
                .hasMessageContaining("--name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--exclude x",
                "--one-file-system",
                "--as x",
                "--folder /a --folder /b",
                "--folder /a --folder /a/",
                "--folder /a/../b",
                "--folder /a --exec c",
                "--folder /a --exclude [",
                "--exec c"
            })
    void optionsThatDoNotGoTogetherAreRefused(String line) {
        assertThatThrownBy(() -> of(line.split(" ")).chosen(Optional.empty(), Optional.empty(), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noneOfThemIsNoChoice() throws IOException {
        assertThat(of().chosen(Optional.of("x"), Optional.empty(), List.of("shop-db")))
                .isEmpty();
    }
}
