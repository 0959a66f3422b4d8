package org.distill4j.shapes;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Shape;

/** The types and shapes of all values of one graph, as {@link ShapeInference} found them. */
public final class Shapes {
  private final Map<String, Value> values;
  private final Map<String, ValueFact> facts;

  /** In the graph's order, each with a type. */
  Shapes(Map<String, ValueFact> facts) {
    Map<String, Value> all = new LinkedHashMap<>();
    facts.forEach((name, fact) -> all.put(name, new Value(name, fact.type(), fact.shape())));
    this.values = Collections.unmodifiableMap(all);
    this.facts = Map.copyOf(facts);
  }

  /**
   * What is known of one value.
   *
   * @throws IllegalArgumentException if the graph has no such value
   */
  ValueFact fact(String name) {
    value(name);
    return facts.get(name);
  }

  /** Every value by name: initializers, inputs, then what the nodes make, in order. */
  public Map<String, Value> values() {
    return values;
  }

  /**
   * One value; its shape is unranked and its type a guess where an unknown operator made it.
   *
   * @throws IllegalArgumentException if the graph has no such value
   */
  public Value value(String name) {
    Value value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("value '" + name + "': is not in the graph");
    }
    return value;
  }

  /** The shape of one value. */
  public Shape shape(String name) {
    return value(name).shape();
  }

  /** What one element of a value is. */
  public DType type(String name) {
    return value(name).type();
  }

  /**
   * The elements of a small integer or boolean value, in row-major order, if they follow from
   * constants and static shapes, such as the target of a Reshape.
   */
  public Optional<long[]> integers(String name) {
    return Optional.ofNullable(facts.get(name)).map(ValueFact::numbers);
  }
}
