package org.distill4j.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.distill4j.fault.RunFault;
import org.distill4j.storage.UserCache;

/**
 * ONNX Runtime's native library, which it unpacks into the temporary folder of each process.
 *
 * <p>Why that fails it tells its logger alone, with a stack trace; here it becomes the fault's
 * line.
 */
final class OnnxNatives {
  /** What went wrong first; empty while all is well. */
  private static volatile String reason = "";

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
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new RunFault(
          "ONNX Runtime: its native library cannot be loaded: "
              + (reason.isEmpty() ? OrtFault.line(cause) : reason)
              + " (expected: a supported system and room in "
              + System.getProperty("java.io.tmpdir")
              + "); free space or choose another folder with -Djava.io.tmpdir=DIR",
          e);
    }
  }

  private static final class Loaded {
    static final OrtEnvironment ENVIRONMENT = listening();

    private Loaded() {}

    private static OrtEnvironment listening() {
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
      if (said.getThrown() != null && reason.isEmpty()) {
        reason = OrtFault.line(said.getThrown());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
