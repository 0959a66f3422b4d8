package org.distill4j.tflite;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.distill4j.fault.InputFault;
import org.distill4j.format.InputOutputType;
import org.distill4j.format.Precision;
import org.distill4j.graph.Graph;
import org.distill4j.inference.InferenceRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.lowered.DeclaredModel;
import org.distill4j.lowered.LoweredGraph;
import org.distill4j.lowered.Lowering;
import org.distill4j.lowered.PerShapePredictor;

/**
 * The runtime of TFLite models: runs ONNX models by writing them as TFLite first, and TFLite files
 * as they are.
 */
public final class TfliteRuntime implements InferenceRuntime {
  @Override
  public String name() {
    return "TFLite " + TfliteNatives.version();
  }

  /**
   * {@inheritDoc}
   *
   * <p>A model whose input shapes are open beyond the batch is written anew for each shape it is
   * fed.
   *
   * @throws InputFault if the model cannot be written as TFLite
   */
  @Override
  public Predictor open(Graph graph, int threads) {
    requireThreads(threads);
    return PerShapePredictor.isNeeded(graph)
        ? new PerShapePredictor(graph, g -> written(g, threads))
        : written(graph, threads);
  }

  private static Predictor written(Graph graph, int threads) {
    try {
      LoweredGraph lowered = Lowering.of(graph);
      byte[] bytes = TfliteWriter.toBytes(lowered, Precision.FLOAT, InputOutputType.FLOAT);
      TfliteFile file = TfliteFile.of(graph.name(), ByteBuffer.wrap(bytes));
      return new DeclaredModel(new TflitePredictor(graph.name(), file, threads), graph);
    } catch (InputFault e) {
      throw new InputFault("model '" + graph.name() + "': " + e.lines().get(0), e);
    }
  }

  /**
   * Opens a TFLite file of any make, after it ran in a process of its own once.
   *
   * @throws InputFault if TFLite refuses it, or does not survive it
   */
  public Predictor open(TfliteFile file, int threads) {
    requireThreads(threads);
    TriedFiles.require(file);
    return new TflitePredictor(file.name(), file, threads);
  }

  /** Opens a TFLite file that this process has just written. */
  public Predictor openOwn(Path file, int threads) {
    requireThreads(threads);
    TfliteFile own = TfliteFile.read(file);
    TriedFiles.remember(own);
    return new TflitePredictor(own.name(), own, threads);
  }

  /** {@link #open(TfliteFile, int)} of a path. */
  public Predictor open(Path file, int threads) {
    return open(TfliteFile.read(file), threads);
  }

  /** What could not be found out about a file that was opened: empty if it was tried. */
  public static Optional<String> note(Path file) {
    return TriedFiles.note(file.toString());
  }

  private static void requireThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: >= 1)");
    }
  }
}
