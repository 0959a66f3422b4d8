package org.distill4j.onnx;

import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Node;

/** Reads one node of a file; its name may be empty or taken, its operator of any version. */
final class NodeParser {
  /** What ONNX's own domain may also be called. */
  static final String LONG_DOMAIN = "ai.onnx";

  private NodeParser() {}

  /** The node. */
  static Node parse(ByteString message, ModelSource source) {
    source.take(1024);
    String name = "";
    String domain = "";
    String op = "";
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    List<ByteString> attributes = new ArrayList<>();
    ProtobufFields fields = new ProtobufFields(message, "node", source);
    while (fields.next()) {
      switch (fields.number()) {
        case NodeProto.INPUT_FIELD_NUMBER -> inputs.add(fields.text());
        case NodeProto.OUTPUT_FIELD_NUMBER -> outputs.add(fields.text());
        case NodeProto.NAME_FIELD_NUMBER -> name = fields.text();
        case NodeProto.OP_TYPE_FIELD_NUMBER -> op = fields.text();
        case NodeProto.DOMAIN_FIELD_NUMBER -> domain = fields.text();
        case NodeProto.ATTRIBUTE_FIELD_NUMBER -> {
          source.take(128);
          attributes.add(fields.bytes());
        }
        default -> fields.skip();
      }
    }
    source.require(
        !op.isEmpty(), "node '" + name + "': has no operator (expected: one, such as Conv)");
    boolean makesSomething = outputs.stream().anyMatch(output -> !output.isEmpty());
    source.require(
        makesSomething, op + " '" + name + "': makes no value (expected: at least one output)");
    domain = domain.equals(LONG_DOMAIN) ? "" : domain;
    Node bare = new Node(shownName(name, outputs), domain, op, inputs, outputs, Map.of());
    Map<String, Attribute> parsed = new LinkedHashMap<>();
    for (ByteString attribute : attributes) {
      AttributeParser.parse(attribute, bare, parsed, source);
    }
    return new Node(name, domain, op, inputs, outputs, parsed);
  }

  private static String shownName(String name, List<String> outputs) {
    return name.isEmpty() ? outputs.get(0) : name;
  }
}
