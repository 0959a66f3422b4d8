package org.distill4j.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.distill4j.SharedFolder;
import org.distill4j.graph.Graph;
import org.distill4j.onnx.ConformanceCase;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.tensor.HostTensor;
import org.junit.jupiter.api.Test;

/** ONNX's own cases of the operators that models of integers are made of. */
class OracleConformanceTest {
  private static final Set<String> CASES =
      Set.of(
          "node/test_dequantizelinear",
          "node/test_dequantizelinear_axis",
          "node/test_dynamicquantizelinear",
          "node/test_dynamicquantizelinear_max_adjusted",
          "node/test_dynamicquantizelinear_min_adjusted",
          "node/test_gather_0",
          "node/test_gather_1",
          "node/test_gather_2d_indices",
          "node/test_gather_negative_indices",
          "node/test_matmulinteger",
          "node/test_quantizelinear",
          "node/test_quantizelinear_axis");

  private final Map<String, List<String>> seen = new TreeMap<>();

  @Test
  void run_everyCaseOfAnOperatorOnIntegers_givesItsStoredOutput() throws IOException {
    ConformanceCase.forEach(SharedFolder.require("reference/onnx-conformance.tar.xz"), this::visit);

    assertThat(seen.keySet()).isEqualTo(CASES);
    assertThat(seen.values()).allSatisfy(differences -> assertThat(differences).isEmpty());
  }

  private void visit(ConformanceCase test) {
    if (!CASES.contains(test.name())) {
      return;
    }
    List<String> differences = seen.computeIfAbsent(test.name(), k -> new ArrayList<>());
    Graph graph = OnnxReader.read(test.model(), test.name());
    for (String set : test.sets()) {
      Map<String, HostTensor> fed = new LinkedHashMap<>();
      for (int i = 0; i < graph.inputs().size(); i++) {
        fed.put(graph.inputs().get(i).name(), test.tensor(set + "/input_" + i + ".pb"));
      }
      try (ReferencePredictor predictor = new ReferenceRuntime().open(graph, 1)) {
        List<HostTensor> found = List.copyOf(predictor.run(fed).values());
        for (int i = 0; i < found.size(); i++) {
          HostTensor stored = test.tensor(set + "/output_" + i + ".pb");
          if (!found.get(i).equals(stored)) {
            differences.add(set + ": " + found.get(i).shape() + ", not as " + stored.shape());
          }
        }
      }
    }
  }
}
