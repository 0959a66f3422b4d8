package org.distill4j.quantize.parity;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** The tensors that a model rounds on the way, as integers and as the numbers they stand for. */
final class RoundedTensors {
  /** One of them: the integers' name, the numbers' name, the step and what stands for 0. */
  private record Tensor(String integers, String numbers, double step, double zero, DType type) {}

  private final Graph model;
  private final List<Tensor> tensors = new ArrayList<>();
  private final List<Value> found = new ArrayList<>(); // with the step and zero of each run

  RoundedTensors(Graph model) {
    this.model = model;
    Map<String, Node> producers = model.producers();
    for (Node node : model.nodes()) {
      if (node.op().equals("DynamicQuantizeLinear")) {
        found.add(new Value(node.outputs().get(0), DType.UINT8, Shape.UNRANKED));
        found.add(new Value(node.outputs().get(1), DType.FLOAT32, Shape.SCALAR));
        found.add(new Value(node.outputs().get(2), DType.UINT8, Shape.SCALAR));
      }
      Node quantize = producers.get(node.input(0));
      boolean ends = node.op().equals("DequantizeLinear") && quantize != null;
      if (ends && quantize.op().equals("QuantizeLinear") && !isConstant(quantize.input(0))) {
        HostTensor scale = model.constant(quantize.input(1)).orElseThrow();
        HostTensor zero = model.constant(quantize.input(2)).orElseThrow();
        if (scale.elements() == 1 && zero.type().bytes() == 1) {
          tensors.add(
              new Tensor(
                  quantize.output(),
                  node.output(),
                  scale.toDoubles()[0],
                  zero.toDoubles()[0],
                  zero.type()));
        }
      }
    }
  }

  private boolean isConstant(String value) {
    return model.constant(value).isPresent();
  }

  /** The model that gives its integers, and the step and zero of those that it finds itself. */
  Graph integersExposed() {
    List<Value> outputs = new ArrayList<>(found);
    tensors.forEach(t -> outputs.add(new Value(t.integers(), t.type(), Shape.UNRANKED)));
    return exposed(outputs);
  }

  /** The model that gives the numbers too that its integers stand for. */
  Graph numbersExposed() {
    List<Value> outputs = new ArrayList<>(model.outputs());
    tensors.stream()
        .filter(t -> !t.numbers().equals(model.onlyOutput().name()))
        .forEach(t -> outputs.add(new Value(t.numbers(), DType.FLOAT32, Shape.UNRANKED)));
    return exposed(outputs);
  }

  private Graph exposed(List<Value> outputs) {
    return new Graph(
        model.name(),
        model.inputs(),
        outputs.isEmpty() ? model.outputs() : outputs,
        model.nodes(),
        model.initializers(),
        model.metadata());
  }

  /** The integers behind numbers on their grids. */
  Map<String, HostTensor> integers(Map<String, HostTensor> numbers) {
    Map<String, HostTensor> integers = new LinkedHashMap<>();
    for (Tensor tensor : tensors) {
      HostTensor held = numbers.get(tensor.numbers());
      float[] values = held.toFloats();
      ByteBuffer bytes = ByteBuffer.allocate(values.length);
      for (float value : values) {
        bytes.put((byte) (int) (Math.rint(value / tensor.step()) + tensor.zero()));
      }
      integers.put(tensor.integers(), HostTensor.of(tensor.type(), held.shape(), bytes.flip()));
    }
    return integers;
  }
}
