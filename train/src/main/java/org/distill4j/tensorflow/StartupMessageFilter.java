package org.distill4j.tensorflow;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.distill4j.storage.UserCache;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;

/**
 * What TensorFlow prints once, at the first step of the first session, through a logger that no
 * setting reaches: two lines that say nothing to a user.
 *
 * <p>That step is made here, with the process's standard error going to a file; what others wrote
 * meanwhile is written again.
 */
final class StartupMessageFilter {
  private static final int STDERR = 2;
  private static final int OWNER_ONLY = 0600;
  private static final List<String> KNOWN =
      List.of("absl::InitializeLog()", "MLIR V1 optimization pass is not enabled");

  private StartupMessageFilter() {}

  /** Runs a first step and swallows what it says; on POSIX systems only. */
  static void swallow() {
    NativeLibrary c = NativeLibrary.getInstance(null);
    Path file;
    try {
      file = UserCache.scratch("tensorflow").resolve("stderr.log");
    } catch (IOException e) {
      return; // no place to put it: then it is printed
    }
    int saved = call(c, "dup", STDERR);
    int target = call(c, "creat", file.toString(), OWNER_ONLY);
    try {
      System.err.flush();
      call(c, "dup2", target, STDERR);
      runFirstStep();
    } finally {
      System.err.flush();
      call(c, "dup2", saved, STDERR);
      call(c, "close", saved);
      call(c, "close", target);
      repeatOthers(file);
    }
  }

  private static int call(NativeLibrary library, String function, Object... arguments) {
    return library.getFunction(function).invokeInt(arguments);
  }

  private static void runFirstStep() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = NeutralScope.ops(graph);
      session.runner().fetch(tf.math.add(tf.constant(1f), tf.constant(1f))).run().close();
    }
  }

  private static void repeatOthers(Path file) {
    try {
      for (String line : Files.readAllLines(file)) {
        if (KNOWN.stream().noneMatch(line::contains)) {
          System.err.println(line);
        }
      }
      Files.delete(file);
    } catch (IOException ignored) {
      // A log that cannot be read back is not worth stopping for.
    }
  }
}
