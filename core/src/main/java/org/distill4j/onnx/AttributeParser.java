package org.distill4j.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Node;

/** Reads one attribute of a node. */
final class AttributeParser {
  private final Node node;
  private final ModelSource source;
  private final Map<AttributeType, Object> found = new HashMap<>();
  private String name = "";
  private long declared;

  private AttributeParser(Node node, ModelSource source) {
    this.node = node;
    this.source = source;
  }

  /**
   * Adds the attribute to the node's others.
   *
   * @param node whose it is, for faults
   */
  static void parse(
      ByteString message, Node node, Map<String, Attribute> into, ModelSource source) {
    AttributeParser parser = new AttributeParser(node, source);
    parser.survey(message);
    source.require(!parser.name.isEmpty(), node + ": has an attribute without a name");
    source.require(
        into.put(parser.name, parser.attribute()) == null,
        parser.label() + ": is there twice (expected: once)");
  }

  private String label() {
    return node + " attribute '" + name + "'";
  }

  private void survey(ByteString message) {
    ProtobufFields fields = new ProtobufFields(message, node + " attribute", source);
    while (fields.next()) {
      switch (fields.number()) {
        case AttributeProto.NAME_FIELD_NUMBER -> name = fields.text();
        case AttributeProto.TYPE_FIELD_NUMBER -> declared = fields.integer();
        case AttributeProto.I_FIELD_NUMBER -> found.put(AttributeType.INT, fields.integer());
        case AttributeProto.F_FIELD_NUMBER -> found.put(AttributeType.FLOAT, fields.real());
        case AttributeProto.S_FIELD_NUMBER -> found.put(AttributeType.STRING, fields.text());
        case AttributeProto.T_FIELD_NUMBER -> found.put(AttributeType.TENSOR, fields.bytes());
        case AttributeProto.INTS_FIELD_NUMBER ->
            fields.integers(i -> this.<Long>several(AttributeType.INTS).add(i));
        case AttributeProto.FLOATS_FIELD_NUMBER ->
            fields.reals(f -> this.<Float>several(AttributeType.FLOATS).add((float) f));
        case AttributeProto.STRINGS_FIELD_NUMBER ->
            this.<String>several(AttributeType.STRINGS).add(fields.text());
        case AttributeProto.G_FIELD_NUMBER, AttributeProto.GRAPHS_FIELD_NUMBER -> {
          fields.skip();
          found.put(AttributeType.GRAPH, "");
        }
        case AttributeProto.TENSORS_FIELD_NUMBER,
            AttributeProto.SPARSE_TENSOR_FIELD_NUMBER,
            AttributeProto.SPARSE_TENSORS_FIELD_NUMBER,
            AttributeProto.TP_FIELD_NUMBER,
            AttributeProto.TYPE_PROTOS_FIELD_NUMBER -> {
          fields.skip();
          found.put(AttributeType.UNDEFINED, "");
        }
        default -> fields.skip();
      }
    }
  }

  @SuppressWarnings("unchecked") // each kind of list is only ever filled with its own elements
  private <T> List<T> several(AttributeType type) {
    source.take(32);
    return (List<T>) found.computeIfAbsent(type, t -> new ArrayList<T>());
  }

  private Attribute attribute() {
    source.require(
        !found.containsKey(AttributeType.GRAPH),
        node
            + ": holds a subgraph in attribute '"
            + name
            + "' (expected: operators without subgraphs); export the model with its control flow"
            + " unrolled");
    source.require(
        !found.containsKey(AttributeType.UNDEFINED),
        label() + ": is of a kind this project has not (expected: numbers, texts or one tensor)");
    source.require(
        found.size() <= 1, label() + ": holds " + found.keySet() + " (expected: one kind)");
    AttributeType type = found.isEmpty() ? null : found.keySet().iterator().next();
    AttributeType wanted =
        declared == (int) declared ? AttributeType.forNumber((int) declared) : null;
    if (declared != 0) {
      source.require(
          wanted != null && (type == null || type == wanted),
          label() + ": holds " + type + " (expected: its declared type " + declared + ")");
      type = wanted;
    }
    source.require(type != null, label() + ": holds nothing (expected: a value)");
    return spelled(type);
  }

  /** Where a type is declared and no value is spelled, the value is 0 or empty. */
  private Attribute spelled(AttributeType type) {
    Object value = found.get(type);
    return switch (type) {
      case INT -> new Attribute.Int(value == null ? 0 : (Long) value);
      case FLOAT -> new Attribute.Real(value == null ? 0 : (Float) value);
      case STRING -> new Attribute.Text(value == null ? "" : (String) value);
      case INTS -> new Attribute.Ints(value == null ? List.of() : several(type));
      case FLOATS -> new Attribute.Reals(value == null ? List.of() : several(type));
      case STRINGS -> new Attribute.Texts(value == null ? List.of() : several(type));
      case TENSOR -> {
        source.require(value != null, label() + ": holds nothing (expected: a tensor)");
        yield new Attribute.Array(TensorParser.tensor((ByteString) value, label(), source));
      }
      default ->
          throw source.fault(
              label()
                  + ": is of type "
                  + type
                  + " (expected: numbers, texts or one tensor without subgraphs)");
    };
  }
}
