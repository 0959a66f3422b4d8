package org.distill4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
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
import org.distill4j.tensor.HostTensor;
import org.junit.jupiter.api.Test;

/** Every case of ONNX's backend tests, read, upgraded, written, and run by ONNX Runtime. */
class ConformanceTest {
  /** Their stored outputs come from another generator of random numbers. */
  private static final List<String> RANDOM =
      List.of(
          "node/test_bernoulli",
          "node/test_bernoulli_double",
          "node/test_bernoulli_double_expanded",
          "node/test_bernoulli_expanded",
          "node/test_bernoulli_seed",
          "node/test_bernoulli_seed_expanded",
          "node/test_training_dropout",
          "node/test_training_dropout_default",
          "node/test_training_dropout_default_mask",
          "node/test_training_dropout_mask");

  /** By reason: what the reader does not take, in one line each. */
  private final Map<String, List<String>> refused = new TreeMap<>();

  /** What ONNX Runtime does not run, or not as stored, in the original file either. */
  private final List<String> notRun = new ArrayList<>();

  private final List<String> failed = new ArrayList<>();
  private int cases;
  private int passedBefore13;
  private int passedSince13;

  @Test
  void read_everyCaseOfTheArchive_stillGivesItsStoredOutput() throws IOException {
    Path archive = SharedFolder.require("reference/onnx-conformance.tar.xz");
    ConformanceCase.forEach(archive, this::visit);
    System.out.print(summary());
    assertThat(failed).isEmpty();
    assertThat(cases).isEqualTo(1072);
    assertThat(passedBefore13).isGreaterThanOrEqualTo(198);
    assertThat(passedSince13).isGreaterThanOrEqualTo(640);
    assertThat(refused.keySet())
        .containsExactlyInAnyOrder("element type", "no dense tensor", "opset below 7", "subgraph");
  }

  private void visit(ConformanceCase test) {
    cases++;
    if (RANDOM.contains(test.name())) {
      return;
    }
    Graph graph;
    try {
      graph = OnnxReader.read(test.model(), test.name());
    } catch (InputFault e) {
      assertThat(e.lines()).hasSize(1).first().asString().startsWith(test.name() + ": ");
      refused.computeIfAbsent(reason(e.getMessage()), k -> new ArrayList<>()).add(test.name());
      return;
    }
    for (String set : test.sets()) {
      if (!passes(test, graph, set)) {
        return;
      }
    }
    if (test.opset() < 13) {
      passedBefore13++;
    } else {
      passedSince13++;
    }
  }

  private boolean passes(ConformanceCase test, Graph graph, String set) {
    try {
      List<HostTensor> outputs = test.outputs(graph, set);
      Optional<String> difference = ConformanceCase.difference(outputs, test.stored(set));
      if (difference.isEmpty()) {
        return true;
      }
      List<HostTensor> original = test.outputsOfOriginal(graph.inputs(), set);
      boolean isFaithful = ConformanceCase.difference(outputs, original).isEmpty();
      (isFaithful ? notRun : failed).add(test.name() + ": " + difference.get());
    } catch (OrtException e) {
      explain(test, graph, set, e.getMessage().lines().findFirst().orElse(""));
    }
    return false;
  }

  /** ONNX Runtime does not run the upgraded model: it is at fault if it runs the original. */
  private void explain(ConformanceCase test, Graph graph, String set, String fault) {
    try {
      test.outputsOfOriginal(graph.inputs(), set);
      failed.add(test.name() + ": " + fault);
    } catch (OrtException e) {
      notRun.add(test.name() + ": " + fault);
    }
  }

  private static String reason(String message) {
    for (String reason : List.of("element type", "no dense tensor", "subgraph")) {
      if (message.contains(reason)) {
        return reason;
      }
    }
    return message.matches(".*: opset [1-6] .*") ? "opset below 7" : message;
  }

  private String summary() {
    StringBuilder text = new StringBuilder();
    text.append(
        "conformance: %d cases, %d passed (%d of opset 7 to 12, %d since 13)%n"
            .formatted(cases, passedBefore13 + passedSince13, passedBefore13, passedSince13));
    text.append("  %d excluded: random numbers%n".formatted(RANDOM.size()));
    refused.forEach(
        (reason, names) -> text.append("  %d refused: %s%n".formatted(names.size(), reason)));
    text.append(
        "  %d that ONNX Runtime does not run as stored, original or upgraded%n"
            .formatted(notRun.size()));
    notRun.forEach(
        line -> text.append("    ").append(line, 0, Math.min(120, line.length())).append('\n'));
    failed.forEach(line -> text.append("  failed ").append(line).append('\n'));
    return text.toString();
  }
}
