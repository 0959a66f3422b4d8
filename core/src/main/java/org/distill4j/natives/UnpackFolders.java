package org.distill4j.natives;

import java.nio.file.Files;
import java.nio.file.Path;
import org.distill4j.storage.UserCache;

/**
 * Where the libraries unpack their native parts: JavaCPP and JNA beneath the user's home, ONNX
 * Runtime into the temporary folder.
 */
public final class UnpackFolders {
  static final String JAVA_CPP = "org.bytedeco.javacpp.cachedir";
  static final String JNA = "jna.tmpdir";

  private UnpackFolders() {}

  /**
   * Where the system knows of no home for the user, as in a container with a user id of its own,
   * {@code user.home} is {@code ?}, and each library would make a folder of that name where one
   * stands. It gets another, unless its own property says one. To be called before the first of
   * them is used.
   */
  public static void settle() {
    Path home = UserCache.home();
    if (!home.equals(Path.of(System.getProperty("user.home", "?")))) {
      choose(JAVA_CPP, home.resolve(".javacpp").resolve("cache"));
      choose(JNA, Path.of(System.getProperty("java.io.tmpdir")));
    }
  }

  /** Where JavaCPP unpacks the libraries of TensorFlow and TFLite. */
  public static Path ofJavaCpp() {
    String told = System.getProperty(JAVA_CPP);
    return told == null ? UserCache.home().resolve(".javacpp").resolve("cache") : Path.of(told);
  }

  /** Where JNA unpacks its own library on Linux. */
  public static Path ofJna() {
    String told = System.getProperty(JNA);
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path cache = xdg == null || xdg.isBlank() ? UserCache.home().resolve(".cache") : Path.of(xdg);
    return told == null ? cache.resolve("JNA").resolve("temp") : Path.of(told);
  }

  private static void choose(String property, Path folder) {
    if (System.getProperty(property) == null
        && (Files.isDirectory(folder) || folder.toFile().mkdirs())) {
      System.setProperty(property, folder.toString());
    }
  }
}
