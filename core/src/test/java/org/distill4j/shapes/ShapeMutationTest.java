package org.distill4j.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.distill4j.SharedFolder;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.onnx.ConformanceCase;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class ShapeMutationTest {
  private static final long SEED = 20261101;
  private static final int MUTANTS = 10;
  private static final long[] ODD = {
    -3, -2, -1, 0, 1, 2, 3, 5, 70, 1 << 20, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE
  };

  private final Random random = new Random(SEED);
  private final Set<String> escaped = new TreeSet<>();
  private int refused;

  @Test
  void infer_damagedGraph_isRefusedInOneLineOrInferred() throws IOException {
    ConformanceCase.forEach(SharedFolder.require("reference/onnx-conformance.tar.xz"), this::visit);
    assertThat(escaped).as("seed " + SEED).isEmpty();
    assertThat(refused).isGreaterThan(1000);
  }

  private void visit(ConformanceCase test) {
    Graph graph;
    try {
      graph = OnnxReader.read(test.model(), test.name());
    } catch (InputFault e) {
      return;
    }
    for (int i = 0; i < MUTANTS; i++) {
      Graph mutant = mutant(graph);
      try {
        ShapeInference.infer(mutant);
        Cost.of(mutant);
      } catch (InputFault e) {
        refused++;
        if (e.getMessage().contains("\n") || !e.getMessage().contains("expected:")) {
          escaped.add(graph.nodes().get(0).op() + ": " + e.getMessage());
        }
      } catch (RuntimeException e) {
        escaped.add(e + " in " + e.getStackTrace()[0] + " " + graph.nodes().get(0).op());
      }
    }
  }

  private Graph mutant(Graph graph) {
    Map<String, HostTensor> initializers = new LinkedHashMap<>(graph.initializers());
    List<Value> inputs = new ArrayList<>();
    for (Value input : graph.inputs()) {
      inputs.add(random.nextInt(3) == 0 ? mutant(input, initializers) : input);
    }
    inputs.removeIf(i -> initializers.containsKey(i.name()));
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      nodes.add(random.nextInt(2) == 0 ? mutant(node) : node);
    }
    List<Value> outputs =
        graph.outputs().stream().map(o -> new Value(o.name(), o.type(), Shape.UNRANKED)).toList();
    return new Graph(graph.name(), inputs, outputs, nodes, initializers, Map.of());
  }

  /** Another shape, or a constant of a few odd integers. */
  private Value mutant(Value input, Map<String, HostTensor> initializers) {
    if (random.nextInt(2) == 0 || input.type() == DType.INT64) {
      long[] values = new long[random.nextInt(5)];
      for (int i = 0; i < values.length; i++) {
        values[i] = odd();
      }
      boolean scalar = values.length == 1 && random.nextBoolean();
      Shape shape = scalar ? Shape.SCALAR : Shape.of(values.length);
      initializers.put(input.name(), HostTensor.ofLongs(shape, values));
      return input;
    }
    if (!input.shape().isRanked() || random.nextInt(4) == 0) {
      return new Value(input.name(), input.type(), Shape.UNRANKED);
    }
    List<Dim> dims = new ArrayList<>(input.shape().dims());
    if (!dims.isEmpty() && random.nextBoolean()) {
      dims.remove(random.nextInt(dims.size()));
    }
    if (random.nextInt(3) == 0) {
      dims.add(Dim.of("batch"));
    }
    for (int i = 0; i < dims.size(); i++) {
      if (random.nextInt(3) == 0) {
        long size = odd();
        dims.set(i, size < 0 ? Dim.UNKNOWN : Dim.of(size));
      }
    }
    return new Value(input.name(), input.type(), Shape.of(dims));
  }

  private Node mutant(Node node) {
    Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
    for (Map.Entry<String, Attribute> entry : attributes.entrySet()) {
      if (entry.getValue() instanceof Attribute.Int) {
        entry.setValue(random.nextInt(5) == 0 ? Attribute.of("odd") : Attribute.of(odd()));
      } else if (entry.getValue() instanceof Attribute.Ints ints) {
        List<Long> values = new ArrayList<>(ints.values());
        values.replaceAll(v -> random.nextInt(3) == 0 ? odd() : v);
        if (random.nextInt(4) == 0) {
          values.add(odd());
        }
        entry.setValue(new Attribute.Ints(values));
      } else if (random.nextInt(3) == 0) {
        entry.setValue(Attribute.of(odd()));
      }
    }
    List<String> inputs = new ArrayList<>(node.inputs());
    switch (random.nextInt(6)) {
      case 0 -> Collections.shuffle(inputs, random);
      case 1 -> {
        if (!inputs.isEmpty()) {
          inputs.remove(inputs.size() - 1);
        }
      }
      case 2 -> inputs.replaceAll(i -> random.nextInt(3) == 0 ? "" : i);
      default -> {}
    }
    return node.withInputs(inputs).withAttributes(attributes);
  }

  private long odd() {
    return ODD[random.nextInt(ODD.length)];
  }
}
