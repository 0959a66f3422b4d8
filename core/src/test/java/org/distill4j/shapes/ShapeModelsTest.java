package org.distill4j.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.SharedFolder;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Parameters;
import org.distill4j.graph.Value;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeModelsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cifar10-resnet/cifar10_resnet20.onnx",
        "cifar10-resnet/cifar10_resnet56.onnx",
        "ultraface/version-RFB-320.onnx",
        "ultraface/version-RFB-320_without_postprocessing.onnx",
        "ultraface/version-slim-320.onnx"
      })
  void infer_everyValueOfAModel_hasTheShapeThatOnnxRuntimeMakes(String file) {
    Graph graph = OnnxReader.read(SharedFolder.require("models/" + file));
    Shapes symbolic = ShapeInference.infer(graph);
    List<Value> all = new ArrayList<>();
    graph.nodes().forEach(n -> n.outputs().forEach(o -> all.add(symbolic.value(o))));
    Graph open =
        new Graph(
            "all", graph.inputs(), all, graph.nodes(), graph.initializers(), graph.metadata());
    Value input = graph.onlyInput();
    Shape batch = input.shape().dim(0).isKnown() ? input.shape() : input.shape().with(0, Dim.of(2));
    HostTensor zeros = HostTensor.ofFloats(batch, new float[(int) batch.elements()]);

    Map<String, HostTensor> made;
    try (Predictor predictor = new OnnxRuntime().open(open, 1)) {
      made = predictor.run(Map.of(input.name(), zeros));
    }

    Shapes inferred = ShapeInference.infer(graph, Map.of(input.name(), batch));
    Map<String, String> found = new LinkedHashMap<>();
    Map<String, String> expected = new LinkedHashMap<>();
    made.forEach(
        (name, tensor) -> {
          expected.put(name, tensor.type() + " " + tensor.shape());
          found.put(name, inferred.type(name) + " " + inferred.shape(name));
        });
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void of_cifarResNet20_hasTheParametersOfThePaper() {
    Graph graph =
        OnnxReader.read(SharedFolder.require("models/cifar10-resnet/cifar10_resnet20.onnx"));
    assertThat(Parameters.of(graph).count()).isEqualTo(269_722); // He et al.: 0.27 M
    assertThat(ShapeInference.infer(graph).shape(graph.onlyOutput().name()).dim(0).isSymbol())
        .isTrue();
  }
}
