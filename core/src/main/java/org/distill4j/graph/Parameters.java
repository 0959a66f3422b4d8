package org.distill4j.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.tensor.HostTensor;

/**
 * The parameters of a graph: which initializers are trained and which are running statistics; all
 * others are constants.
 *
 * <p>ONNX does not say it, so the place of use decides. Trained is a floating-point initializer in
 *
 * <ul>
 *   <li>a parameter slot of Conv, ConvTranspose, Gemm, BatchNormalization, LayerNormalization,
 *       GroupNormalization, InstanceNormalization, PRelu, RNN, GRU, LSTM;
 *   <li>a Gather as its table, of rank 2 or more;
 *   <li>a MatMul or Einsum as an operand of rank 2 or more;
 *   <li>an Add or Mul with something computed, of channel shape: one extent greater than 1, which
 *       is the last axis ({@code [C]}, {@code [1, 1, C]}) or stands where channels stand ({@code
 *       [C, 1, 1]}, {@code [1, C, 1, 1]}).
 * </ul>
 *
 * <p>The way may lead through operators that only move elements or fake-quantize them. One-element
 * operands of Add and Mul (an epsilon, the 0.5 of a Gelu) are constants. A tied initializer is one
 * parameter, with the role of its first use; one that is a running statistic anywhere is no
 * parameter.
 *
 * @param trainable in the order of their first use
 * @param statistics the running mean and variance of each BatchNormalization by name, in order of
 *     use
 */
public record Parameters(List<Parameter> trainable, Map<String, HostTensor> statistics) {
  /** Takes copies. */
  public Parameters {
    trainable = List.copyOf(trainable);
    statistics = Collections.unmodifiableMap(new LinkedHashMap<>(statistics));
  }

  /** Finds them in a graph. */
  public static Parameters of(Graph graph) {
    return new ParameterSearch(graph).run();
  }

  /**
   * How many numbers are trained, tied ones once; running statistics, scales and constants do not
   * count.
   */
  public long count() {
    return trainable.stream().mapToLong(Parameter::elements).sum();
  }

  /** The parameter of that name, if there is one. */
  public Optional<Parameter> find(String name) {
    return trainable.stream().filter(p -> p.name().equals(name)).findFirst();
  }

  /** Their names, in order. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    trainable.forEach(p -> names.add(p.name()));
    return names;
  }
}
