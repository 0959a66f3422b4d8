package org.distill4j.inference;

import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;

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
      return standIn.logarithm() ? new LogProbabilities(opened) : opened;
    }
  }
}
