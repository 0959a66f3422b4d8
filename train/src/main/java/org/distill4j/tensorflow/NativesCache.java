package org.distill4j.tensorflow;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.bytedeco.javacpp.Loader;
import org.distill4j.fault.RunFault;
import org.tensorflow.TensorFlow;

/** The folder into which JavaCPP unpacks TensorFlow's native library. */
final class NativesCache {
  private static final long MEGABYTE = 1_000_000;

  /** What a file system needs beside the files themselves. */
  private static final long MARGIN = 20 * MEGABYTE;

  private NativesCache() {}

  /**
   * Checks that what is not unpacked yet fits on the disk.
   *
   * @throws RunFault if it does not
   */
  static void requireRoom() {
    for (String platform : List.of(Loader.getPlatform(), Loader.getPlatform() + "-gpu")) {
      String folder = "/org/tensorflow/internal/c_api/" + platform + "/";
      URL library = TensorFlow.class.getResource(folder + System.mapLibraryName("jnitensorflow"));
      try {
        if (library != null && library.openConnection() instanceof JarURLConnection jar) {
          requireRoom(Loader.getCacheDir().toPath(), jar.getJarFile(), folder.substring(1));
        }
      } catch (IOException e) {
        throw new RunFault(
            "TensorFlow: its native library cannot be unpacked: " + e.getMessage(), e);
      }
    }
  }

  private static void requireRoom(Path cache, JarFile jar, String folder) throws IOException {
    Path unpacked = cache.resolve(Path.of(jar.getName()).getFileName().toString());
    long missing = 0;
    List<JarEntry> libraries =
        jar.stream().filter(e -> e.getName().startsWith(folder) && isLibrary(e.getName())).toList();
    for (JarEntry entry : libraries) {
      Path file = unpacked.resolve(entry.getName());
      if (!Files.exists(file) || Files.size(file) != entry.getSize()) {
        missing += entry.getSize();
      }
    }
    requireRoom(cache, missing, Files.getFileStore(cache).getUsableSpace());
  }

  /** Licences lie beside the libraries and are never unpacked. */
  private static boolean isLibrary(String entry) {
    String file = entry.substring(entry.lastIndexOf('/') + 1);
    return file.contains(".") && file.contains("tensorflow");
  }

  /**
   * Checks bytes that are missing against bytes that are free.
   *
   * @throws RunFault if they do not fit
   */
  static void requireRoom(Path cache, long missing, long free) {
    if (missing > 0 && free < missing + MARGIN) {
      throw new RunFault(
          cache
              + ": "
              + free / MEGABYTE
              + " MB free (expected: "
              + (missing + MARGIN) / MEGABYTE
              + " MB to unpack TensorFlow); free space or choose another folder with"
              + " -Dorg.bytedeco.javacpp.cachedir=DIR");
    }
  }
}
