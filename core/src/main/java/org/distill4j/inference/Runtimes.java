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
      ForeignModel standIn = ForeignModel.of(graph).orElseThrow();
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
      Predictor answers = standIn.logarithm() ? new LogProbabilities(opened) : opened;
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
