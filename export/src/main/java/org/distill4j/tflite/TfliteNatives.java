package org.distill4j.tflite;

import com.sun.jna.NativeLibrary;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.tensorflowlite.global.tensorflowlite;
import org.distill4j.natives.LoadFault;
import org.distill4j.natives.UnpackFolders;

/** TFLite's native library, loaded once per process. */
final class TfliteNatives {
  private static final String MEMORY_LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";

  /** {@code LoggerOptions::SetMinimumLogSeverity}: nothing tells of delegates and the like. */
  private static final String SEVERITY =
      "_ZN6tflite13LoggerOptions21SetMinimumLogSeverityENS_11LogSeverityE";

  private static final int SILENT = 4;
  private static boolean loaded;

  private TfliteNatives() {}

  /**
   * Loads the library if that has not happened.
   *
   * @throws org.distill4j.fault.RunFault if there is none for this system
   */
  static synchronized void load() {
    if (loaded) {
      return;
    }
    UnpackFolders.settle();
    if (System.getProperty(MEMORY_LIMIT) == null) {
      System.setProperty(MEMORY_LIMIT, "0"); // a large process is none that leaks
    }
    try {
      quieten(Loader.load(tensorflowlite.class));
    } catch (LinkageError e) {
      throw LoadFault.ofJavaCpp("TFLite", e);
    }
    loaded = true;
  }

  private static void quieten(String library) {
    try {
      NativeLibrary.getInstance(library).getFunction(SEVERITY).invokeInt(new Object[] {SILENT});
    } catch (LinkageError e) {
      return; // no JNA, or a build without that function: it may print a line
    }
  }

  /** TFLite's version, such as {@code 2.18.0}. */
  static String version() {
    load();
    return tensorflowlite.TfLiteVersion().getString();
  }
}
