package org.distill4j.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.distill4j.fault.InputFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedFileTest {
  @TempDir Path folder;

  @Test
  void copy_bytes_areThoseOfTheFile() throws IOException {
    MappedFile mapped =
        MappedFile.open(Files.write(folder.resolve("x"), new byte[] {1, 2, 3, -4, 5}));
    byte[] target = new byte[4];
    mapped.copy(1, target, 3);
    assertThat(target).containsExactly(2, 3, -4, 0);
    assertThat(mapped.byteAt(3)).isEqualTo((byte) -4);
    assertThat(mapped.intAt(0)).isEqualTo(0xfc030201);
    assertThat(mapped.slice(1, 4).getInt()).isEqualTo(0x05fc0302);
  }

  @Test
  void copy_behindTheEnd_isRefused() throws IOException {
    MappedFile mapped = MappedFile.open(Files.write(folder.resolve("x"), new byte[5]));
    assertThatThrownBy(() -> mapped.copy(3, new byte[9], 3))
        .hasMessageEndingWith("bytes 3 + 3 (expected: within 5)");
    assertThatThrownBy(() -> mapped.byteAt(5)).hasMessageEndingWith("(expected: within 5)");
    assertThatThrownBy(() -> mapped.intAt(-1)).hasMessageEndingWith("(expected: within 5)");
  }

  @Test
  void open_aMissingFile_isNamed() {
    assertThatThrownBy(() -> MappedFile.open(folder.resolve("none")))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("none: cannot be read: no such file or folder");
  }

  @Test
  void write_theContentThrows_leavesNothingBehind() throws IOException {
    Path target = Files.writeString(folder.resolve("y"), "old");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    target,
                    "test",
                    channel -> {
                      throw new InputFault("source: damaged");
                    }))
        .hasMessage("source: damaged");
    assertThat(Files.readString(target)).isEqualTo("old");
    assertThat(folder.resolve("y.part")).doesNotExist();
  }
}
