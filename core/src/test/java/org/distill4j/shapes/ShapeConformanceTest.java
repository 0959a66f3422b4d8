package org.distill4j.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.distill4j.SharedFolder;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Value;
import org.distill4j.onnx.ConformanceCase;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class ShapeConformanceTest {
  /** Operators whose shapes values decide, then those without a rule: not seen in usual nets. */
  private static final List<String> OPEN =
      List.of(
          "Cast",
          "Compress",
          "Einsum",
          "NonMaxSuppression",
          "NonZero",
          "Unique",
          "Adagrad",
          "Adam",
          "BlackmanWindow",
          "ConcatFromSequence",
          "DFT",
          "Gradient",
          "HammingWindow",
          "HannWindow",
          "MelWeightMatrix",
          "Momentum",
          "STFT",
          "SequenceAt",
          "SequenceLength",
          "TfIdfVectorizer");

  private final List<String> wrong = new ArrayList<>();
  private final Map<String, List<String>> open = new TreeMap<>();
  private int exact;

  @Test
  void infer_everyCaseOfTheArchive_findsTheShapesOfItsStoredOutputs() throws IOException {
    ConformanceCase.forEach(SharedFolder.require("reference/onnx-conformance.tar.xz"), this::visit);

    assertThat(wrong).isEmpty();
    assertThat(exact).isGreaterThan(960);
    assertThat(open.keySet()).isSubsetOf(OPEN);
  }

  private void visit(ConformanceCase test) {
    Graph graph;
    try {
      graph = OnnxReader.read(test.model(), test.name());
    } catch (InputFault e) {
      return; // that refusals are right is the reader's test
    }
    for (String set : test.sets()) {
      try {
        check(test, set, graph);
      } catch (InputFault e) {
        wrong.add(test.name() + ": " + e.getMessage());
      } catch (RuntimeException e) {
        wrong.add(test.name() + ": " + e + " " + e.getStackTrace()[0]);
      }
    }
  }

  /** Integers that are fed decide shapes: they become constants. */
  private void check(ConformanceCase test, String set, Graph graph) {
    Map<String, HostTensor> initializers = new LinkedHashMap<>(graph.initializers());
    List<Value> inputs = new ArrayList<>();
    for (int i = 0; i < graph.inputs().size(); i++) {
      Value input = graph.inputs().get(i);
      HostTensor fed = test.tensor(set + "/input_" + i + ".pb");
      if (fed.type() == input.type() && (fed.type() == DType.INT64 || fed.elements() <= 8)) {
        initializers.put(input.name(), fed);
      } else {
        inputs.add(new Value(input.name(), input.type(), fed.shape()));
      }
    }
    List<Value> outputs =
        graph.outputs().stream().map(o -> new Value(o.name(), o.type(), Shape.UNRANKED)).toList();
    Shapes shapes =
        ShapeInference.infer(
            new Graph(graph.name(), inputs, outputs, graph.nodes(), initializers, Map.of()));
    ShapeInference.infer(graph);
    for (int i = 0; i < outputs.size(); i++) {
      if (test.files().containsKey(set + "/output_" + i + ".pb")) {
        compare(
            test,
            graph,
            shapes.value(outputs.get(i).name()),
            test.tensor(set + "/output_" + i + ".pb"));
      }
    }
  }

  private void compare(ConformanceCase test, Graph graph, Value found, HostTensor stored) {
    // The archive stores bfloat16 as the integers of its bits.
    boolean sameType =
        found.type() == stored.type()
            || (found.type() == DType.BFLOAT16 && stored.type() == DType.UINT16);
    if (!sameType || !agree(found.shape(), stored.shape())) {
      wrong.add(test.name() + ": " + found + ", stored " + stored);
    } else if (found.shape().isStatic()) {
      exact++;
    } else {
      String op = graph.nodes().get(graph.nodes().size() - 1).op();
      open.computeIfAbsent(op, k -> new ArrayList<>()).add(test.name() + " " + found.shape());
    }
  }

  private static boolean agree(Shape found, Shape stored) {
    boolean agree = !found.isRanked() || found.rank() == stored.rank();
    for (int i = 0; agree && found.isRanked() && i < found.rank(); i++) {
      agree = !ValueFact.differ(found.dim(i), stored.dim(i));
    }
    return agree;
  }
}
