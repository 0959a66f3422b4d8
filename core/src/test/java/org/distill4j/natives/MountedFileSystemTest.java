package org.distill4j.natives;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MountedFileSystemTest {
  private static final List<String> TABLE =
      List.of(
          "/dev/vda / ext4 rw,relatime 0 0",
          "tmpfs /tmp tmpfs rw,nosuid 0 0",
          "tmpfs /tmp/a\\040b tmpfs rw,noexec 0 0",
          "tmpfs /home tmpfs rw,noexec 0 0",
          "tmpfs /home tmpfs rw 0 0",
          "short");

  private static boolean isNoExec(String folder) {
    return MountedFileSystem.of(folder, TABLE).orElseThrow().isNoExec();
  }

  @Test
  void of_nearestFolder_givesItsOptions() {
    assertThat(isNoExec("/tmp/a b")).isTrue();
    assertThat(isNoExec("/tmp/a b/c")).isTrue();
    assertThat(isNoExec("/tmp/a")).isFalse();
    assertThat(isNoExec("/tmp/a bc")).isFalse();
    assertThat(isNoExec("/")).isFalse();
  }

  @Test
  void of_mountedTwice_givesTheLast() {
    assertThat(isNoExec("/home/x")).isFalse();
  }
}
