package org.distill4j.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.distill4j.format.InputOutputType;
import org.distill4j.format.Precision;
import org.distill4j.graph.Graph;
import org.distill4j.inference.Parities;
import org.distill4j.inference.Predictor;
import org.distill4j.lowered.LoweredGraph;
import org.distill4j.lowered.LoweredPort;
import org.distill4j.lowered.Lowering;
import org.distill4j.savedmodel.SavedModelRuntime;
import org.distill4j.tensorflow.Definition;
import org.distill4j.tensorflow.Nodes;
import org.distill4j.tensorflow.Weights;
import org.distill4j.tflite.MicroOperators;
import org.distill4j.tflite.TfliteRuntime;
import org.distill4j.tflite.TfliteWriter;
import org.distill4j.zoo.OperatorSamples;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operator by itself, and the page that lists them; {@code -Ddocs=write} writes it anew. */
class OperatorPageTest {
  private static final Set<String> STORAGE =
      Set.of("Const", "Identity", "Placeholder", "VarHandleOp", "ReadVariableOp");

  static Stream<Named<Graph>> samples() {
    return OperatorSamples.all().entrySet().stream().map(e -> Named.of(e.getKey(), e.getValue()));
  }

  @Test
  void samples_coverEveryOperator() {
    assertThat(new TreeSet<>(OperatorSamples.all().keySet()))
        .isEqualTo(new TreeSet<>(Lowering.operators()));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void run_oneOperator_isCloseToOnnxRuntime(Graph graph) {
    try (Predictor lite = new TfliteRuntime().open(graph, 1);
        Predictor saved = new SavedModelRuntime().open(graph, 1)) {
      assertThat(Parities.difference(graph, lite, 1)).as("TFLite").isLessThan(1e-5);
      assertThat(Parities.difference(graph, saved, 1)).as("SavedModel").isLessThan(1e-5);
    }
  }

  @Test
  void page_saysWhatIsWritten() throws IOException {
    Path page = home().resolve("docs/export.md");
    String text = Files.readString(page);
    String begin = "<!-- operators -->\n";
    int at = text.indexOf(begin) + begin.length();
    String fresh = text.substring(0, at) + table();
    if ("write".equals(System.getProperty("docs"))) {
      Files.writeString(page, fresh);
    }
    assertThat(Files.readString(page)).isEqualTo(fresh);
  }

  private static Path home() {
    Path home = Path.of("").toAbsolutePath();
    while (!Files.exists(home.resolve("ARCHITECTURE.md"))) {
      home = home.getParent();
    }
    return home;
  }

  private static String table() {
    StringBuilder table =
        new StringBuilder("| ONNX | TensorFlow and TF.js | TFLite | Micro |\n|---|---|---|---|\n");
    new TreeMap<>(OperatorSamples.all())
        .forEach(
            (op, graph) -> {
              LoweredGraph lowered = Lowering.of(graph);
              List<String> lite =
                  new ArrayList<>(
                      TfliteWriter.operators(lowered, Precision.FLOAT, InputOutputType.INT8));
              boolean micro = lite.stream().allMatch(MicroOperators::has);
              table.append(
                  "| %s | %s | %s | %s |%n"
                      .formatted(
                          op, listed(tensorFlow(lowered)), listed(lite), micro ? "yes" : "no")
                      .replace("\r", ""));
            });
    return table.toString();
  }

  private static String listed(List<String> names) {
    return names.isEmpty() ? "-" : String.join(", ", names);
  }

  private static List<String> tensorFlow(LoweredGraph lowered) {
    Nodes nodes = new Nodes();
    Map<String, String> inputs = new LinkedHashMap<>();
    for (LoweredPort port : lowered.inputs()) {
      inputs.put(
          port.value().name(),
          nodes.add(
              "Placeholder", port.wire(), Nodes.attributes().type("dtype", port.value().type())));
    }
    Definition.write(lowered, nodes, Weights.NAMED, inputs);
    return nodes.graph().getNodeList().stream()
        .map(n -> n.getOp())
        .filter(op -> !STORAGE.contains(op))
        .distinct()
        .toList();
  }
}
