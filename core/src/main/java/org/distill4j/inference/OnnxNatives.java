package org.distill4j.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.distill4j.fault.RunFault;
import org.distill4j.natives.LoadFault;
import org.distill4j.natives.NativeEnvironment;
import org.distill4j.storage.UserCache;

/**
 * ONNX Runtime's native library, which it unpacks into the temporary folder of each process.
 *
 * <p>Why that fails it tells its logger alone, with a stack trace; here it becomes the fault's
 * line.
 *
 * <p>From release 1.29 on the library keeps a store of events, with what a model says of itself,
 * and asks for its collector, unless {@code ORT_DISABLE_TELEMETRY} is set as it is loaded. It is
 * set here, unless the user has set it; a program that loads ONNX Runtime before Distill4j has to
 * be started with it.
 */
final class OnnxNatives {
  /**
   * Read as its library is loaded: without it events are stored and sent, the models' names too.
   */
  private static final String SILENT = "ORT_DISABLE_TELEMETRY";

  /** What went wrong first. */
  private static final AtomicReference<Throwable> REASON = new AtomicReference<>();

  private OnnxNatives() {}

  /**
   * The runtime's one environment in this process; loads the library at the first call.
   *
   * @throws RunFault if there is no library for this system or no room to unpack it
   */
  static OrtEnvironment environment() {
    try {
      return Loaded.ENVIRONMENT;
    } catch (LinkageError e) {
      String folder = "java.io.tmpdir";
      REASON.compareAndSet(null, e);
      throw LoadFault.of("ONNX Runtime", Path.of(System.getProperty(folder)), folder, REASON.get());
    }
  }

  private static final class Loaded {
    static final OrtEnvironment ENVIRONMENT = listening();

    private Loaded() {}

    private static OrtEnvironment listening() {
      NativeEnvironment.setDefault(SILENT, "1");
      Logger logger = Logger.getLogger("ai.onnxruntime.OnnxRuntime");
      boolean aloud = logger.getUseParentHandlers();
      Handler ear = new Ear();
      logger.setUseParentHandlers(false);
      logger.addHandler(ear);
      try {
        OrtEnvironment made =
            OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "distill4j");
        adoptFolder();
        return made;
      } finally {
        logger.removeHandler(ear);
        logger.setUseParentHandlers(aloud);
      }
    }
  }

  /**
   * Where the library was unpacked, 28 MB that it leaves behind when it is killed, and as an empty
   * folder when it ends.
   */
  private static void adoptFolder() {
    try {
      Field field = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("tempDirectory");
      field.setAccessible(true);
      if (field.get(null) instanceof Path folder) {
        UserCache.adopt(folder);
      }
    } catch (ReflectiveOperationException | RuntimeException | IOException e) {
      return; // another version, or no room: then it stays behind
    }
  }

  /** Keeps the first exception that is logged. */
  private static final class Ear extends Handler {
    @Override
    public void publish(LogRecord said) {
      REASON.compareAndSet(null, said.getThrown());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
