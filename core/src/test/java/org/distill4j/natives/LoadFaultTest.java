package org.distill4j.natives;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.distill4j.fault.RunFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadFaultTest {
  @TempDir private Path folder;

  private static String said(Path folder, Throwable thrown) {
    return LoadFault.of("Library", folder, "some.folder", thrown).getMessage();
  }

  @Test
  void of_temporaryFolderThatIsNotThere_namesItAndThePropertyThatMovesIt() {
    Path none = folder.resolve("none").resolve("below");
    String property = "java.io.tmpdir";
    assertThat(LoadFault.of("Library", none, property, new UnsatisfiedLinkError("x")))
        .hasMessage(
            "Library: its native library cannot be loaded: "
                + none
                + " does not exist (expected: a folder); choose another with -Djava.io.tmpdir=DIR"
                + " (x)");
  }

  /** The libraries make their caches, if they have something to unpack. */
  @Test
  void of_cacheThatIsNotThere_saysThatTheJarMayBeMissing() {
    Path none = folder.resolve("none").resolve("below");
    assertThat(said(none, new UnsatisfiedLinkError("no such in java.library.path")))
        .isEqualTo(
            "Library: its native library cannot be loaded: no such in java.library.path (expected:"
                + " its jar for this system on the class path, and room in "
                + none
                + "); free space or choose another with -Dsome.folder=DIR");
  }

  @Test
  void reason_limitedAddresses_areBlamedForWhatIsShortOfThemAlone() {
    for (int megabytes : new int[] {1, 700, 4096}) {
      String limited =
          "Limit\nMax address space  " + ((long) megabytes << 20) + "  unlimited  bytes  \n";
      for (Throwable thrown :
          new Throwable[] {
            new UnsatisfiedLinkError("x.so: failed to map segment from shared object"),
            new UnsatisfiedLinkError("x.so: cannot allocate memory in static TLS block"),
            new ExceptionInInitializerError(new OutOfMemoryError("Physical memory"))
          }) {
        assertThat(LoadFault.reason(folder, "some.folder", thrown, limited))
            .endsWith(
                ": this process may have "
                    + megabytes
                    + " MB of addresses (expected: no limit; see ulimit -v)");
        String free = "Max address space         unlimited  unlimited  bytes\n";
        assertThat(LoadFault.reason(folder, "some.folder", thrown, free))
            .contains("(expected: its jar for this system");
      }
      Throwable missing = new UnsatisfiedLinkError("no such in java.library.path");
      assertThat(LoadFault.reason(folder, "some.folder", missing, limited))
          .startsWith("no such in java.library.path (expected: its jar for this system");
    }
  }

  /** JNA's, while ONNX Runtime's class is made ready. */
  @Test
  void of_faultOfAnotherLibraryAmongTheCauses_isThatFault() {
    RunFault right = new RunFault("JNA: its native library cannot be loaded");
    assertThat(LoadFault.of("Library", folder, "x", new ExceptionInInitializerError(right)))
        .isSameAs(right);
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
