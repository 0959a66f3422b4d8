package org.distill4j.reference;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.inference.BatchRun;
import org.distill4j.inference.RuntimePredictor;
import org.distill4j.shapes.KnownValues;
import org.distill4j.shapes.NodeSite;
import org.distill4j.shapes.ShapeInference;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** A predictor in exact integer arithmetic; see {@link ReferenceRuntime}. */
public final class ReferencePredictor extends RuntimePredictor {
  private static final List<String> LAYERS = List.of("Conv", "Gemm", "MatMul");
  private static final List<String> ROUNDING = List.of("QuantizeLinear", "DynamicQuantizeLinear");

  private final Graph graph;
  private final FloatFallback realNodes;
  private final Map<String, ReferenceTensor> constants = new HashMap<>();

  ReferencePredictor(Graph graph) {
    super(graph.name(), graph.inputs(), graph.outputs(), Calls.TOGETHER);
    this.graph = graph;
    this.realNodes = new FloatFallback(graph.name());
    KnownValues declared = known(Map.of());
    graph.initializers().forEach((name, tensor) -> constants.put(name, ReferenceTensor.of(tensor)));
    for (Node node : graph.nodes()) {
      if (node.op().equals("Constant")) {
        graph
            .constant(node.output())
            .ifPresent(t -> constants.put(node.output(), ReferenceTensor.of(t)));
      } else if (!ReferenceOperators.has(node)) {
        realNodes.open(node, declared);
      }
    }
  }

  @Override
  protected Map<String, HostTensor> answer(Map<String, HostTensor> inputs) {
    Map<String, ReferenceTensor> fed = fed(inputs);
    KnownValues known = known(fed);
    Map<String, ReferenceTensor> all = execute(fed, known);
    Map<String, HostTensor> results = new LinkedHashMap<>();
    for (Value output : graph.outputs()) {
      ReferenceTensor held = all.get(output.name()).real();
      results.put(output.name(), held.tensor(known.type(output.name())));
    }
    return results;
  }

  /**
   * Every integer on the way: what each QuantizeLinear or DynamicQuantizeLinear makes, in its type,
   * and the sums of each layer between such nodes, INT32, before they are rounded.
   *
   * @return by the name of the value, in the graph's order
   */
  public Map<String, HostTensor> integers(Map<String, HostTensor> inputs) {
    return integers(inputs, Map.of());
  }

  /**
   * {@link #integers(Map)} of what another runtime had before it: each layer is carried out on the
   * integers that the runtime gave it, so that what differs is that layer's own.
   *
   * @param given what the other runtime rounded to, by the name of the value; where there is
   *     nothing, the exact integers go on
   */
  public Map<String, HostTensor> integers(
      Map<String, HostTensor> inputs, Map<String, HostTensor> given) {
    return run(inputs, checked -> integersOf(checked, given));
  }

  private Map<String, HostTensor> integersOf(
      Map<String, HostTensor> inputs, Map<String, HostTensor> given) {
    Map<String, ReferenceTensor> fed = fed(inputs);
    KnownValues known = known(fed);
    Map<String, ReferenceTensor> exact = new HashMap<>();
    Map<String, ReferenceTensor> all = execute(fed, known, given, exact);
    all.putAll(exact);
    Map<String, HostTensor> integers = new LinkedHashMap<>();
    for (Node node : graph.nodes()) {
      ReferenceTensor held = all.get(node.output());
      if (ROUNDING.contains(node.op())) {
        integers.put(node.output(), held.tensor(known.type(node.output())));
      } else if (LAYERS.contains(node.op()) && held.steps().isPresent()) {
        integers.put(node.output(), held.tensor(DType.INT32));
      }
    }
    return integers;
  }

  private static Map<String, ReferenceTensor> fed(Map<String, HostTensor> inputs) {
    Map<String, ReferenceTensor> fed = new HashMap<>();
    inputs.forEach((name, tensor) -> fed.put(name, ReferenceTensor.of(tensor)));
    return fed;
  }

  private KnownValues known(Map<String, ReferenceTensor> fed) {
    Map<String, Shape> given = new HashMap<>();
    fed.forEach((name, held) -> given.put(name, held.shape()));
    return KnownValues.of(graph, ShapeInference.infer(graph, given), value -> null);
  }

  private Map<String, ReferenceTensor> execute(
      Map<String, ReferenceTensor> fed, KnownValues known) {
    return execute(fed, known, Map.of(), new HashMap<>());
  }

  /**
   * @param given goes on instead of what is found
   * @param exact gets what was found and did not go on
   */
  private Map<String, ReferenceTensor> execute(
      Map<String, ReferenceTensor> fed,
      KnownValues known,
      Map<String, HostTensor> given,
      Map<String, ReferenceTensor> exact) {
    Map<String, ReferenceTensor> all = new HashMap<>(constants);
    all.putAll(fed);
    for (Node node : graph.nodes()) {
      if (!all.containsKey(node.output())) {
        List<ReferenceTensor> taken = new ArrayList<>();
        node.inputs().forEach(name -> taken.add(all.get(name)));
        List<ReferenceTensor> made = made(new Operands(new NodeSite(node, known), taken));
        for (int i = 0; i < made.size(); i++) {
          String name = node.outputs().get(i);
          if (name.isEmpty()) {
            continue;
          }
          ReferenceTensor found = made.get(i).rounded(known.type(name));
          HostTensor instead = given.get(name);
          if (instead != null) {
            exact.put(name, found);
          }
          all.put(name, instead == null ? found : ReferenceTensor.of(instead));
        }
      }
    }
    return all;
  }

  private List<ReferenceTensor> made(Operands operands) {
    return ReferenceOperators.has(operands.node()) && ReferenceOperators.takes(operands)
        ? ReferenceOperators.run(operands)
        : realNodes.run(operands);
  }

  @Override
  protected void answer(BatchRun.Bound in, BatchRun.Bound out) {
    double[] values = new double[Math.toIntExact(in.shape().elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.values().get(i);
    }
    Map<String, ReferenceTensor> fed = Map.of(in.name(), ReferenceTensor.of(in.shape(), values));
    double[] result = execute(fed, known(fed)).get(out.name()).reals();
    for (int i = 0; i < result.length; i++) {
      out.values().put(i, (float) result[i]);
    }
  }

  @Override
  protected void free() {
    realNodes.close();
  }
}
