package org.distill4j.savedmodel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.inference.InferenceRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.lowered.DeclaredModel;
import org.distill4j.lowered.Lowering;
import org.distill4j.lowered.PerShapePredictor;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.UserCache;
import org.distill4j.tensor.Shape;
import org.distill4j.tensorflow.TensorFlowNatives;

/**
 * The TensorFlow runtime of SavedModels: runs ONNX models by writing them as SavedModels first, and
 * SavedModels as they are, by signature.
 */
public final class SavedModelRuntime implements InferenceRuntime {
  @Override
  public String name() {
    return "TensorFlow " + TensorFlowNatives.version();
  }

  /**
   * {@inheritDoc}
   *
   * @throws InputFault if the model cannot be written as a SavedModel
   */
  @Override
  public Predictor open(Graph graph, int threads) {
    requireThreads(threads);
    return PerShapePredictor.isNeeded(graph)
        ? new PerShapePredictor(graph, g -> written(g, threads))
        : written(graph, threads);
  }

  private static Predictor written(Graph graph, int threads) {
    Path folder = null;
    try {
      folder = UserCache.scratch("savedmodel");
      SavedModelWriter.write(Lowering.of(graph), folder);
      Predictor opened =
          SavedModelPredictor.open(graph.name(), folder, Signatures.DEFAULT, threads);
      return new DeclaredModel(opened, graph);
    } catch (InputFault e) {
      throw new InputFault("model '" + graph.name() + "': " + e.lines().get(0), e);
    } catch (IOException e) {
      throw new RunFault(
          System.getProperty("java.io.tmpdir")
              + ": cannot hold the model: "
              + AtomicFile.reason(e)
              + "; free space or set java.io.tmpdir",
          e);
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      return; // a leftover in the temporary folder
    }
  }

  /**
   * Opens a SavedModel of any make.
   *
   * @param signature one that it has, such as {@code serving_default}
   * @throws InputFault if TensorFlow refuses it or has no such signature
   */
  public Predictor open(Path folder, String signature, int threads) {
    requireThreads(threads);
    return SavedModelPredictor.open(folder.toString(), folder, signature, threads);
  }

  /**
   * The operator that ends a signature, as ONNX calls it, where it says what the answers are.
   *
   * @param opened by {@link #open(Path, String, int)}
   */
  public static Optional<String> lastOperator(Predictor opened) {
    return ((SavedModelPredictor) opened).lastOperator();
  }

  /**
   * How a signature holds its first input, where that is told in another order.
   *
   * @param opened by {@link #open(Path, String, int)}
   */
  public static Optional<Shape> held(Predictor opened) {
    return ((SavedModelPredictor) opened).held();
  }

  private static void requireThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: >= 1)");
    }
  }
}
