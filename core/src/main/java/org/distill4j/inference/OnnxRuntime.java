package org.distill4j.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.natives.PlainName;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.storage.UserCache;
import org.distill4j.tensor.HostTensor;

/**
 * ONNX Runtime on the CPU, as an inference runtime.
 *
 * <p>A model gets its own threads, exactly as many as asked for. They do not spin while they wait,
 * so a model that is open but idle takes nothing from what runs beside it. The first run of each
 * batch size is slower than those that follow: memory is planned in it.
 */
public final class OnnxRuntime implements InferenceRuntime {
  /** Models with more weight bytes than this go to the runtime through a temporary file. */
  private static final long IN_MEMORY = 1L << 28;

  private final boolean joinsIntegers;

  /**
   * Joins a layer and the QuantizeLinear and DequantizeLinear nodes around it to one on integers.
   */
  public OnnxRuntime() {
    this(true);
  }

  private OnnxRuntime(boolean joinsIntegers) {
    this.joinsIntegers = joinsIntegers;
  }

  /**
   * Computes what a model of integers stands for, in real numbers between its QuantizeLinear and
   * DequantizeLinear nodes. Slower, but the same on every processor: where there are no dot-product
   * instructions, ONNX Runtime's integer kernels add pairs of products in 16 bits, which saturates
   * if weights have all 8 bits.
   */
  public static OnnxRuntime inRealNumbers() {
    return new OnnxRuntime(false);
  }

  @Override
  public String name() {
    return "ONNX Runtime " + OnnxNatives.environment().getVersion();
  }

  private SessionOptions own(int threads) throws OrtException {
    SessionOptions options = options(threads);
    if (!joinsIntegers) {
      options.addConfigEntry("session.disable_quant_qdq", "1");
    }
    return options;
  }

  /**
   * {@inheritDoc}
   *
   * @throws InputFault if ONNX Runtime refuses the model
   */
  @Override
  public Predictor open(Graph graph, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: >= 1)");
    }
    OrtEnvironment environment = OnnxNatives.environment();
    try (SessionOptions options = own(threads)) {
      return new OnnxPredictor(graph, environment, session(graph, environment, options));
    } catch (OrtException e) {
      throw new InputFault(
          "model '" + graph.name() + "': ONNX Runtime refuses it: " + OrtFault.line(e), e);
    }
  }

  /**
   * Makes a file ready as it lies on disk, with whatever lies beside it.
   *
   * @param graph what the file was read as
   * @throws InputFault if ONNX Runtime refuses it
   */
  public Predictor openFile(Path file, Graph graph, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: >= 1)");
    }
    OrtEnvironment environment = OnnxNatives.environment();
    try (SessionOptions options = own(threads);
        PlainName name = PlainName.of(file)) {
      return new OnnxPredictor(
          graph, environment, environment.createSession(name.path().toString(), options));
    } catch (OrtException e) {
      throw new InputFault(file + ": ONNX Runtime refuses it: " + OrtFault.line(e), e);
    }
  }

  static OrtSession session(Graph graph, OrtEnvironment environment, SessionOptions options)
      throws OrtException {
    long bytes = 0;
    for (HostTensor tensor : graph.initializers().values()) {
      bytes += tensor.bytes().remaining();
    }
    if (bytes <= IN_MEMORY) {
      return environment.createSession(OnnxWriter.toBytes(graph), options);
    }
    return sessionThroughFile(graph, environment, options);
  }

  /** Spares the heap a copy of all weights. */
  static OrtSession sessionThroughFile(
      Graph graph, OrtEnvironment environment, SessionOptions options) throws OrtException {
    Path folder = null;
    try {
      folder = UserCache.scratch("model");
      Path file = folder.resolve("model.onnx");
      try {
        OnnxWriter.write(graph, file);
        return environment.createSession(file.toString(), options);
      } finally {
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new RunFault(
          (folder == null ? System.getProperty("java.io.tmpdir") : folder)
              + ": cannot hold the model for ONNX Runtime: "
              + e.getMessage()
              + "; free space or set java.io.tmpdir to another folder",
          e);
    }
  }

  static SessionOptions options(int threads) throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setIntraOpNumThreads(threads);
    options.setInterOpNumThreads(1);
    options.setExecutionMode(ExecutionMode.SEQUENTIAL);
    options.setOptimizationLevel(OptLevel.ALL_OPT);
    options.setDeterministicCompute(true);
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    options.addConfigEntry("session.inter_op.allow_spinning", "0");
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    return options;
  }
}
