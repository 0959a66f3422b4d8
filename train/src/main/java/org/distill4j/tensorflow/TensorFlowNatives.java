package org.distill4j.tensorflow;

import com.sun.jna.Platform;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.distill4j.fault.RunFault;
import org.distill4j.natives.LoadFault;
import org.distill4j.natives.NativeEnvironment;
import org.distill4j.natives.UnpackFolders;
import org.tensorflow.Graph;
import org.tensorflow.TensorFlow;
import org.tensorflow.op.Ops;

/**
 * TensorFlow's native library, loaded once per process with the settings this engine is measured
 * with.
 *
 * <p>TensorFlow reads {@code TF_ENABLE_ONEDNN_OPTS} and {@code TF_CPP_MIN_LOG_LEVEL} from the
 * environment while its library loads, so they are set in the running process just before: oneDNN
 * on, which makes a CNN train two to three times faster on processors where TensorFlow leaves it
 * off, and start-up chatter off. What the user has set stays.
 *
 * <p>JavaCPP, which TensorFlow Java allocates through, takes a process with twice its heap in
 * native memory for one that leaks: it collects garbage and sleeps at every allocation, and
 * training stands still. Here native memory is freed by those who took it and is large by right, so
 * that limit is lifted, unless the user has set one or JavaCPP was in use before.
 *
 * <p>At first use JavaCPP unpacks the library from its jar into {@code ~/.javacpp/cache}, under a
 * lock that holds across processes; a file cut short by a killed process is unpacked again.
 */
public final class TensorFlowNatives {
  private static final String ONEDNN = "TF_ENABLE_ONEDNN_OPTS";
  private static final String LOG_LEVEL = "TF_CPP_MIN_LOG_LEVEL";
  private static final String MEMORY_LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";

  private static boolean loaded;
  private static boolean oneDnn;
  private static String warning = "";

  private TensorFlowNatives() {}

  /**
   * Loads TensorFlow if that has not happened; every later call returns at once.
   *
   * @throws RunFault if there is no library for this platform or no room to unpack it
   */
  public static synchronized void load() {
    if (loaded) {
      return;
    }
    if (System.getProperty(MEMORY_LIMIT) == null) {
      System.setProperty(MEMORY_LIMIT, "0");
    }
    UnpackFolders.settle();
    boolean early = isLoaded();
    boolean chatty =
        NativeEnvironment.get(LOG_LEVEL).filter(l -> l.equals("0") || l.equals("1")).isPresent();
    if (!early) {
      NativesCache.requireRoom();
      NativeEnvironment.setDefault(ONEDNN, "1");
      NativeEnvironment.setDefault(LOG_LEVEL, "2");
    }
    oneDnn =
        NativeEnvironment.get(ONEDNN).map(v -> v.equals("1") || v.equals("true")).orElse(false);
    if (early && NativeEnvironment.get(ONEDNN).isEmpty()) {
      warning =
          "TensorFlow: was loaded before Distill4j, without oneDNN, and may train two to three"
              + " times slower; call TensorFlowNatives.load() first or set "
              + ONEDNN
              + "=1";
    }
    loadLibrary();
    if (!chatty && !early && !Platform.isWindows()) {
      StartupMessageFilter.swallow();
    }
    loaded = true;
  }

  /** Whether TensorFlow was loaded with oneDNN asked for; loads it if need be. */
  public static synchronized boolean oneDnnActive() {
    load();
    return oneDnn;
  }

  /** One line for the user if somebody loaded TensorFlow before without oneDNN. */
  public static synchronized Optional<String> warning() {
    load();
    return warning.isEmpty() ? Optional.empty() : Optional.of(warning);
  }

  /** TensorFlow's version, such as {@code 2.18.0}; loads it if need be. */
  public static String version() {
    load();
    return TensorFlow.version();
  }

  /** What makes a graph's operations, under the same names in every locale. */
  public static Ops ops(Graph graph) {
    return NeutralScope.ops(graph);
  }

  private static boolean isLoaded() {
    return Loader.getLoadedLibraries().keySet().stream()
        .anyMatch(l -> l.contains("tensorflow") && !l.contains("tensorflowlite"));
  }

  private static void loadLibrary() {
    try {
      TensorFlow.version();
    } catch (LinkageError e) {
      throw LoadFault.ofJavaCpp("TensorFlow", e);
    }
  }
}
