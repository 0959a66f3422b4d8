package org.distill4j.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.FreshNames;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Node;
import org.distill4j.graph.OnnxTypeCode;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.ExampleLayout;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * Nodes in front of a model, and one behind it, so that it takes examples as the data have them, in
 * float32 and with their channels first, and answers in float32.
 */
final class ModelFit {
  private final Graph model;
  private final Value input;
  private final Shape example;
  private final FreshNames names;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, HostTensor> constants;
  private String last;

  private ModelFit(Graph model, Shape example) {
    this.model = model;
    this.input = model.onlyInput();
    this.example = example;
    this.names = FreshNames.of(model);
    this.constants = new LinkedHashMap<>(model.initializers());
    this.last = input.name();
  }

  /**
   * The model with what it needs; the same where it needs nothing, and where nothing would do.
   *
   * @param isFile whether its first node stands for a file, whose runtime does what is needed
   */
  static Graph of(Graph model, Shape example, boolean isFile) {
    if (model.inputs().size() != 1 || !isOpen(model.onlyInput().shape())) {
      return model;
    }
    Value input = model.onlyInput();
    Optional<ExampleLayout> layout = ExampleLayout.of(example, input.shape().dropFirst(), isFile);
    boolean isSame =
        layout.filter(ExampleLayout::isSame).isPresent()
            && input.shape().dropFirst().isStatic()
            && input.type() == DType.FLOAT32
            && model.outputs().stream().allMatch(o -> o.type() == DType.FLOAT32);
    if (layout.isEmpty() || isSame) {
      return model;
    }
    ModelFit fit = new ModelFit(model, example);
    return raw(isFile ? fit.declared() : fit.graph(layout.get()), input.type());
  }

  /** Whether a file takes such examples in some order. */
  static boolean isPossible(Graph model, Shape example) {
    Shape shape = model.inputs().get(0).shape();
    return !isOpen(shape) || ExampleLayout.of(example, shape.dropFirst(), true).isPresent();
  }

  private static boolean isOpen(Shape shape) {
    return shape.isRanked() && shape.rank() > 0;
  }

  /** Whole numbers are those of the files, before anything is done to them. */
  private static Graph raw(Graph fitted, DType type) {
    boolean isSilent = Metadata.preprocessing(fitted).isEmpty();
    return type.isFloating() || !isSilent
        ? fitted
        : Metadata.withPreprocessing(fitted, Preprocessing.NONE);
  }

  private Value fed() {
    return new Value(input.name(), DType.FLOAT32, example.prepend(input.shape().dim(0)));
  }

  private static Value real(Value output) {
    return new Value(output.name(), DType.FLOAT32, output.shape());
  }

  private Graph declared() {
    return new Graph(
        model.name(),
        List.of(fed()),
        model.outputs().stream().map(ModelFit::real).toList(),
        model.nodes(),
        model.initializers(),
        model.metadata());
  }

  private Graph graph(ExampleLayout layout) {
    if (layout.isMoved()) {
      List<Long> order = new ArrayList<>(List.of(0L));
      layout.order().forEach(axis -> order.add(axis + 1L));
      long[] perm = order.stream().mapToLong(Long::longValue).toArray();
      add("Transpose", Map.of("perm", Attribute.ofInts(perm)));
    } else if (!layout.isSame()) {
      long[] sizes = layout.taken().prepend(Dim.of(0)).sizes(); // 0: the batch as it is
      add(
          "Reshape",
          Map.of(),
          constant("shape", HostTensor.ofLongs(Shape.of(sizes.length), sizes)));
    }
    toType();
    Map<String, String> renamed = Map.of(input.name(), last);
    for (Node node : model.nodes()) {
      boolean reads = node.inputs().contains(input.name());
      nodes.add(
          reads && !last.equals(input.name())
              ? node.withInputs(
                  node.inputs().stream().map(i -> renamed.getOrDefault(i, i)).toList())
              : node);
    }
    List<Value> outputs = new ArrayList<>();
    for (Value output : model.outputs()) {
      outputs.add(output.type() == DType.FLOAT32 ? output : cast(output));
    }
    return new Graph(model.name(), List.of(fed()), outputs, nodes, constants, model.metadata());
  }

  private void toType() {
    DType type = input.type();
    if (type == DType.FLOAT32) {
      return;
    }
    if (!type.isFloating() && type != DType.BOOL) {
      add("Round", Map.of());
      if (type.bytes() < 4) {
        boolean isUnsigned = type == DType.UINT8 || type == DType.UINT16;
        float least = isUnsigned ? 0 : -(1 << (8 * type.bytes() - 1));
        float most = least + (1 << (8 * type.bytes())) - 1;
        add(
            "Clip",
            Map.of(),
            constant("least", HostTensor.scalar(least)),
            constant("most", HostTensor.scalar(most)));
      }
    }
    add("Cast", Map.of("to", Attribute.of(OnnxTypeCode.of(type))));
  }

  private Value cast(Value output) {
    last = output.name();
    add("Cast", Map.of("to", Attribute.of(OnnxTypeCode.of(DType.FLOAT32))));
    return new Value(last, DType.FLOAT32, output.shape());
  }

  private String constant(String wish, HostTensor value) {
    String name = names.name("fit/" + wish);
    constants.put(name, value);
    return name;
  }

  private void add(String op, Map<String, Attribute> attributes, String... more) {
    List<String> inputs = new ArrayList<>(List.of(last));
    inputs.addAll(List.of(more));
    last = names.name("fit/" + op);
    nodes.add(new Node(last, "", op, inputs, List.of(last), attributes));
  }
}
