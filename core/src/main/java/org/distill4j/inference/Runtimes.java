package org.distill4j.inference;

import java.util.List;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;

/** Chooses the runtime of a graph. */
public final class Runtimes {
  private Runtimes() {}

  /** ONNX Runtime, but for a graph that stands for a file of another format. */
  public static InferenceRuntime of(Graph graph) {
    return ForeignModel.of(graph).isPresent() ? new OfFiles() : new OnnxRuntime();
  }

  /**
   * A model from a file that is fed something else than it takes: its axes in another order, or
   * numbers of another type; the same where both agree.
   *
   * @param fed float32, the batch and the extents of an example
   * @throws InputFault if the file takes nothing of the kind
   */
  public static Predictor fitted(Predictor model, Value fed) {
    return FittedPredictor.of(model, fed);
  }

  /** Opens what graphs stand for. */
  private static final class OfFiles implements InferenceRuntime {
    @Override
    public String name() {
      return "the runtime of the file";
    }

    /**
     * {@inheritDoc}
     *
     * @throws InputFault if the file is gone, is another one, or nothing here runs it
     */
    @Override
    public Predictor open(Graph graph, int threads) {
      ForeignModel standIn = ForeignModel.of(graph).orElseThrow().openable(graph.name());
      FileRuntime runtime =
          FileRuntime.of(standIn.file())
              .orElseThrow(
                  () ->
                      new InputFault(
                          standIn.file()
                              + ": nothing here runs it (expected: distill4j-export on the class"
                              + " path)"));
      standIn.requireSame();
      Predictor opened = runtime.open(standIn, threads);
      Predictor fed = fitted(opened, graph.inputs().get(0));
      Predictor answers = standIn.logarithm() ? new LogProbabilities(fed) : fed;
      return graph.nodes().size() == 1 ? answers : chained(graph, answers, threads);
    }

    /** With the nodes that stand behind the file's. */
    private static Predictor chained(Graph graph, Predictor file, int threads) {
      Node first = graph.nodes().get(0);
      Value made = file.outputs().get(0);
      Value given = new Value(first.output(), made.type(), made.shape());
      Graph behind =
          new Graph(
              graph.name(),
              List.of(given),
              graph.outputs(),
              graph.nodes().subList(1, graph.nodes().size()),
              graph.initializers(),
              Map.of());
      return new ChainedPredictor(file, new OnnxRuntime().open(behind, threads));
    }
  }
}
