package org.distill4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.distill4j.SharedFolder;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.junit.jupiter.api.Test;

class ConformanceTest {
  private final Map<String, List<String>> refused = new TreeMap<>();
  private final List<String> unsupported = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();
  private int passed;
  private int passedBefore13;

  @Test
  void read_everyCaseOfTheArchive_stillGivesItsStoredOutput() throws IOException {
    Path archive = SharedFolder.require("reference/onnx-conformance.tar.xz");
    ConformanceCase.forEach(archive, this::visit);
    print();
    assertThat(failed).isEmpty();
  }

  private void visit(ConformanceCase test) {
    Graph graph;
    try {
      graph = OnnxReader.read(test.model(), test.name());
    } catch (InputFault e) {
      refused.computeIfAbsent(reason(e.getMessage()), k -> new ArrayList<>()).add(e.getMessage());
      return;
    }
    Optional<String> failure = test.failure(graph);
    if (failure.isEmpty()) {
      passed++;
      passedBefore13 += test.opset() < 13 ? 1 : 0;
    } else {
      explain(test, graph, failure.get());
    }
  }

  private void explain(ConformanceCase test, Graph graph, String failure) {
    try {
      Optional<String> original = test.failureOfOriginal(graph.inputs());
      (original.isPresent() ? unsupported : failed)
          .add(test.name() + ": " + failure + original.map(o -> " | original: " + o).orElse(""));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String reason(String message) {
    return message.replaceFirst("^[^:]*: ", "").replaceAll("'[^']*'", "").replaceAll("-?\\d+", "N");
  }

  private void print() {
    System.out.println("passed " + passed + " before 13 " + passedBefore13);
    refused.forEach(
        (r, m) -> System.out.println("refused " + m.size() + ": " + r + " e.g. " + m.get(0)));
    unsupported.forEach(u -> System.out.println("unsupported " + u));
    failed.forEach(u -> System.out.println("failed " + u));
  }
}
