package org.distill4j.engine.lowering;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Parameter;
import org.distill4j.graph.Parameters;
import org.distill4j.lowered.GraphFacts;
import org.distill4j.lowered.VariableLayout;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TType;

/**
 * The TensorFlow variables of a graph: its {@link Parameters}, each stored in the order that its
 * users want.
 *
 * <p>They are reference variables, which TensorFlow's SavedModel exporter stores. A session has to
 * {@link #initialize} them.
 */
public final class Variables<T extends TFloating> {
  private final Class<T> type;
  private final Map<String, HostTensor> initial;
  private final Map<String, Variable<T>> trainable = new LinkedHashMap<>();
  private final Map<String, Variable<T>> statistics = new LinkedHashMap<>();
  private final Map<String, Placeholder<T>> sources = new LinkedHashMap<>();
  private final Map<String, Op> assignments = new LinkedHashMap<>();
  private final Map<String, Operand<T>> copies = new LinkedHashMap<>();
  private final Map<String, Variable<T>> ranges = new LinkedHashMap<>();
  private final Map<String, DType> moved = new LinkedHashMap<>();
  private final LearnedGrids<T> grids;

  /**
   * Adds a graph's variables to a TensorFlow graph.
   *
   * @param facts of a graph that can be lowered, as {@link TensorFlowLowering#variables} makes sure
   */
  Variables(Ops tf, GraphFacts facts, Class<T> type, FakeQuantization rounding, Operand<T> news) {
    this.type = type;
    Graph graph = facts.graph();
    Parameters parameters = Parameters.of(graph);
    Map<String, VariableLayout> layouts = StoredLayouts.of(facts);
    initial = new LinkedHashMap<>(parameters.statistics());
    for (Parameter p : parameters.trainable()) {
      initial.put(p.name(), p.value());
      trainable.put(p.name(), add(tf, p.name(), Optional.of(p.role()), layouts.get(p.name())));
    }
    for (String name : parameters.statistics().keySet()) {
      statistics.put(name, add(tf, name, Optional.empty(), layouts.get(name)));
    }
    grids = new LearnedGrids<>(tf, graph, rounding, news, this);
    grids
        .moving()
        .forEach(
            (name, value) -> {
              moved.put(name, graph.initializers().get(name).type());
              copies.put(name, value);
            });
  }

  /** A step that is trained; it is no part of the model, but what it makes of the steps is. */
  Variable<T> addLearned(Ops tf, String name, HostTensor value) {
    Variable<T> variable = addHidden(tf, name, value);
    trainable.put(name, variable);
    return variable;
  }

  /** A bound of a range; it is no part of the model, but what it makes of the steps is. */
  Variable<T> addRange(Ops tf, String name, HostTensor value) {
    Variable<T> variable = addHidden(tf, name, value);
    ranges.put(name, variable);
    return variable;
  }

  private Variable<T> addHidden(Ops tf, String name, HostTensor value) {
    initial.put(name, value);
    Variable<T> variable = add(tf, name, Optional.empty(), VariableLayout.asIs(value.shape()));
    copies.remove(name);
    return variable;
  }

  private Variable<T> add(
      Ops root, String name, Optional<Parameter.Role> role, VariableLayout layout) {
    Ops tf = root.withSubScope(Names.scope(name));
    org.tensorflow.ndarray.Shape shape = ArrayCopy.shape(layout.tensorFlow());
    Operand<T> ref = tf.withName("variable").variable(shape, type);
    Placeholder<T> source = tf.withName("initial").placeholder(type, Placeholder.shape(shape));
    sources.put(name, source);
    assignments.put(name, tf.assign(ref, source));
    copies.put(name, tf.deepCopy(ref));
    return new Variable<>(name, role, layout, ref, tf.withName("value").identity(ref));
  }

  /** The trained ones, in the order of {@link Parameters#trainable()}. */
  public List<Variable<T>> trainable() {
    return List.copyOf(trainable.values());
  }

  /** The running statistics, in the order of {@link Parameters#statistics()}. */
  public List<Variable<T>> statistics() {
    return List.copyOf(statistics.values());
  }

  /** The bounds of ranges that follow what batches hold, in order of use. */
  public List<Variable<T>> ranges() {
    return List.copyOf(ranges.values());
  }

  /** The grids that the graph rounds to. */
  LearnedGrids<T> grids() {
    return grids;
  }

  /** The variable of an initializer, if it has one. */
  public Optional<Variable<T>> find(String name) {
    return Optional.ofNullable(
        trainable.getOrDefault(name, statistics.getOrDefault(name, ranges.get(name))));
  }

  /** The type of their elements. */
  public Class<T> type() {
    return type;
  }

  /** Gives every variable the value that the graph has for it. */
  public void initialize(Session session) {
    assign(session, initial);
  }

  /**
   * Gives variables new values; those that are not named keep theirs.
   *
   * @param values by name, in the shape and order of ONNX, of any floating-point type
   * @throws IllegalArgumentException for a name that is no variable, or another shape
   */
  public void assign(Session session, Map<String, HostTensor> values) {
    List<TType> fed = new ArrayList<>();
    try {
      Session.Runner runner = session.runner();
      for (Map.Entry<String, HostTensor> entry : values.entrySet()) {
        Variable<T> variable = find(entry.getKey()).orElseThrow(() -> unknown(entry.getKey()));
        T tensor = ArrayCopy.toTensorFlow(variable.layout().toTensorFlow(entry.getValue()), type);
        fed.add(tensor);
        runner.feed(sources.get(entry.getKey()), tensor).addTarget(assignments.get(entry.getKey()));
      }
      if (!fed.isEmpty()) {
        runner.run().close();
      }
    } finally {
      fed.forEach(TType::close);
    }
  }

  private static IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException(
        "variable '" + name + "': is not in the graph (expected: a parameter or statistic of it)");
  }

  /**
   * Copies of all values by name, trained ones first, in ONNX order, float32; then the steps of
   * grids that move, and their zeros as integers.
   */
  public Map<String, HostTensor> fetch(Session session) {
    Session.Runner runner = session.runner();
    copies.values().forEach(runner::fetch);
    Map<String, HostTensor> values = new LinkedHashMap<>();
    if (copies.isEmpty()) {
      return values;
    }
    try (Result result = runner.run()) {
      int i = 0;
      for (String name : copies.keySet()) {
        HostTensor value = ArrayCopy.toHost(result.get(i++));
        DType kind = moved.get(name);
        if (kind == null) {
          values.put(name, find(name).orElseThrow().layout().toOnnx(value));
        } else {
          values.put(name, kind.isFloating() ? value : integers(kind, value));
        }
      }
    }
    return values;
  }

  private static HostTensor integers(DType type, HostTensor value) {
    float[] numbers = value.toFloats();
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length);
    for (float number : numbers) {
      bytes.put((byte) (int) number);
    }
    return HostTensor.of(type, value.shape(), bytes.flip());
  }
}
