package org.distill4j.natives;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadFaultTest {
  @TempDir private Path folder;

  private static String said(Path folder, Throwable thrown) {
    return LoadFault.of("Library", folder, "some.folder", thrown).getMessage();
  }

  @Test
  void of_folderThatIsNotThere_namesItAndThePropertyThatMovesIt() {
    Path none = folder.resolve("none").resolve("below");
    assertThat(said(none, new UnsatisfiedLinkError("failed to map")))
        .isEqualTo(
            "Library: its native library cannot be loaded: "
                + none
                + " does not exist (expected: a folder); choose another with -Dsome.folder=DIR");
  }

  @Test
  void of_fileInItsPlace_saysSo() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(said(file, new UnsatisfiedLinkError("x"))).contains(file + " is a file (expected");
  }

  @Test
  void of_nativesDenied_namesTheOptionOfTheJvm() {
    Throwable denied = new UnsatisfiedLinkError("x");
    denied.initCause(new IllegalCallerException("Illegal native access from an unnamed module"));
    assertThat(said(folder, denied))
        .contains("the JVM denies native code")
        .contains("--enable-native-access=ALL-UNNAMED");
  }

  @Test
  void of_anythingElse_givesTheFirstCauseInOneLine() {
    Throwable root = new UnsatisfiedLinkError("no lib\n in the path");
    assertThat(said(folder, new ExceptionInInitializerError(root)))
        .isEqualTo(
            "Library: its native library cannot be loaded: no lib in the path (expected: its jar"
                + " for this system on the class path, and room in "
                + folder
                + "); free space or choose another with -Dsome.folder=DIR");
  }

  @Test
  void obstacle_folderToBeMadeInOneThatIsThere_isNone() {
    assertThat(LoadFault.obstacle(folder.resolve("new"))).isEmpty();
  }
}
