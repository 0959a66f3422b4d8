package org.distill4j.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A node of a graph: one application of an operator.
 *
 * @param name for people and error messages; unique within the graph
 * @param domain the operator's domain; empty for ONNX's own
 * @param op the operator, such as {@code Conv}
 * @param inputs names of values in the operator's order; an omitted optional input is empty
 * @param outputs names of the values it makes; an omitted optional output is empty
 * @param attributes its constant settings by name
 */
public record Node(
    String name,
    String domain,
    String op,
    List<String> inputs,
    List<String> outputs,
    Map<String, Attribute> attributes) {
  /** Takes copies. */
  public Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  /** A node of ONNX's own domain, named after its first output. */
  public static Node of(
      String op, List<String> inputs, List<String> outputs, Map<String, Attribute> attributes) {
    return new Node(outputs.get(0), "", op, inputs, outputs, attributes);
  }

  /** The input at a position, or empty if it is omitted. */
  public String input(int i) {
    return i < inputs.size() ? inputs.get(i) : "";
  }

  /** Whether the optional input at a position is given. */
  public boolean hasInput(int i) {
    return !input(i).isEmpty();
  }

  /** The first output. */
  public String output() {
    return outputs.get(0);
  }

  /** This node with other inputs. */
  public Node withInputs(List<String> others) {
    return new Node(name, domain, op, others, outputs, attributes);
  }

  /** This node with other attributes. */
  public Node withAttributes(Map<String, Attribute> others) {
    return new Node(name, domain, op, inputs, outputs, others);
  }

  /** An integer attribute or its default. */
  public long intAttribute(String key, long otherwise) {
    return optionalInt(key).orElse(otherwise);
  }

  /** An integer attribute if it is given. */
  public OptionalLong optionalInt(String key) {
    return attribute(key, Attribute.Int.class)
        .map(a -> OptionalLong.of(a.value()))
        .orElse(OptionalLong.empty());
  }

  /** A float attribute or its default. */
  public float floatAttribute(String key, float otherwise) {
    return attribute(key, Attribute.Real.class).map(Attribute.Real::value).orElse(otherwise);
  }

  /** A text attribute or its default. */
  public String textAttribute(String key, String otherwise) {
    return attribute(key, Attribute.Text.class).map(Attribute.Text::value).orElse(otherwise);
  }

  /** An attribute of integers if it is given. */
  public Optional<long[]> optionalInts(String key) {
    return attribute(key, Attribute.Ints.class).map(Attribute.Ints::toArray);
  }

  /** An attribute of integers or its default. */
  public long[] intsAttribute(String key, long... otherwise) {
    return optionalInts(key).orElse(otherwise);
  }

  private <A extends Attribute> Optional<A> attribute(String key, Class<A> kind) {
    Attribute a = attributes.get(key);
    if (a != null && !kind.isInstance(a)) {
      throw new IllegalArgumentException(
          this + " attribute '" + key + "': " + a + " (expected: " + kind.getSimpleName() + ")");
    }
    return Optional.ofNullable(kind.cast(a));
  }

  /** As in error messages: {@code Conv 'layer1/conv'}. */
  @Override
  public String toString() {
    return (domain.isEmpty() ? op : domain + "." + op) + " '" + name + "'";
  }
}
