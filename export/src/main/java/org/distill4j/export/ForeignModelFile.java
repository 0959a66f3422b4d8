package org.distill4j.export;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.data.ModelDataCheck;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.inference.Predictor;
import org.distill4j.inference.Runtimes;
import org.distill4j.savedmodel.SavedModelFolder;
import org.distill4j.savedmodel.SavedModelRuntime;
import org.distill4j.tensor.Shape;
import org.distill4j.tflite.TfliteFile;
import org.distill4j.tflite.TfliteRuntime;

/**
 * A foreign model file, TFLite or SavedModel, where a model is asked for.
 *
 * @param path the file or folder
 * @param signature which entrance of a SavedModel is meant; without meaning for a TFLite file
 * @param graph its inputs, outputs and metadata around one node that stands for all it does, under
 *     the name of the operator that ends it where that is known; it is there to be read, not to be
 *     run
 */
public record ForeignModelFile(Path path, String signature, Graph graph) {
  /** The usual entrance of a SavedModel. */
  public static final String SIGNATURE = "serving_default";

  /** Whether a path is a TFLite file or a SavedModel's folder. */
  public static boolean is(Path path) {
    return isTflite(path) || Files.exists(path.resolve("saved_model.pb"));
  }

  private static boolean isTflite(Path path) {
    return path.toString().endsWith(".tflite");
  }

  /**
   * Opens it once to learn what it takes and gives.
   *
   * @param signature the usual one if empty
   * @throws InputFault if its runtime refuses it, or it has no such signature
   */
  public static ForeignModelFile read(Path path, Optional<String> signature) {
    if (signature.isPresent() && isTflite(path)) {
      throw new InputFault(
          path + ": is a TFLite file (expected: a SavedModel's folder for a signature)");
    }
    String entrance = signature.orElse(SIGNATURE);
    Optional<TfliteFile> lite =
        isTflite(path) ? Optional.of(TfliteFile.read(path)) : Optional.empty();
    Map<String, String> metadata =
        lite.map(TfliteFile::metadata).orElseGet(() -> SavedModelFolder.metadata(path));
    try (Predictor opened = open(path, entrance, 1)) {
      Optional<String> op =
          lite.map(TfliteFile::lastOperator)
              .orElseGet(() -> SavedModelRuntime.lastOperator(opened));
      Optional<Shape> held =
          lite.map(TfliteFile::held).orElseGet(() -> SavedModelRuntime.held(opened));
      Node all =
          new Node(
              path.toString(),
              "other",
              op.orElse("Opaque"),
              opened.inputs().stream().map(Value::name).toList(),
              opened.outputs().stream().map(Value::name).toList(),
              held.map(shape -> Map.of(ModelDataCheck.HELD, Attribute.of(shape.toString())))
                  .orElse(Map.of()));
      return new ForeignModelFile(
          path,
          entrance,
          new Graph(
              path.getFileName().toString(),
              opened.inputs(),
              opened.outputs(),
              List.of(all),
              Map.of(),
              metadata));
    }
  }

  /** What opening it left open, a line each. */
  public List<String> notes() {
    return isTflite(path) ? TfliteRuntime.note(path).stream().toList() : List.of();
  }

  /** Whether its end says that its scores are probabilities. */
  boolean givesProbabilities() {
    return graph.nodes().get(0).op().equals("Softmax");
  }

  /** Makes it ready for what the graph takes. */
  public Predictor open(int threads) {
    return Runtimes.fitted(open(path, signature, threads), graph.inputs().get(0));
  }

  static Predictor open(Path path, String signature, int threads) {
    return isTflite(path)
        ? new TfliteRuntime().open(path, threads)
        : new SavedModelRuntime().open(path, signature, threads);
  }
}
