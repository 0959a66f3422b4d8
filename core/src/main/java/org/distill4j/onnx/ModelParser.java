package org.distill4j.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import com.google.protobuf.ByteString;
import org.distill4j.graph.Graph;

/** Reads a file's outer messages: the model and its graph. */
final class ModelParser {
  private static final int LEAST_IR = 3;
  private static final int LEAST_OPSET = 7;

  /**
   * Opsets 22 to 25 added element types, attributes and operators alone, which are refused one by
   * one; what else stands in their files means what it meant.
   */
  private static final int NEWEST_OPSET = 25;

  private static final int NEWEST_IR = 14;

  private final ModelSource source;
  private final ModelDraft draft;
  private long irVersion;
  private boolean hasGraph;

  private ModelParser(ModelSource source) {
    this.source = source;
    this.draft = new ModelDraft(source);
  }

  /** The draft of a whole file. */
  static ModelDraft parse(ByteString file, ModelSource source) {
    ModelParser parser = new ModelParser(source);
    parser.model(file);
    parser.checkVersions();
    return parser.draft;
  }

  private void model(ByteString message) {
    ProtobufFields fields = new ProtobufFields(message, "model", source);
    while (fields.next()) {
      switch (fields.number()) {
        case ModelProto.IR_VERSION_FIELD_NUMBER -> irVersion = fields.integer();
        case ModelProto.OPSET_IMPORT_FIELD_NUMBER -> opset(fields.bytes());
        case ModelProto.METADATA_PROPS_FIELD_NUMBER -> metadata(fields.bytes());
        case ModelProto.GRAPH_FIELD_NUMBER -> {
          hasGraph = true;
          graph(fields.bytes());
        }
        case ModelProto.FUNCTIONS_FIELD_NUMBER ->
            throw source.fault(
                "defines functions of its own (expected: none); inline them before exporting");
        default -> fields.skip();
      }
    }
  }

  private void opset(ByteString message) {
    String domain = "";
    long version = 0;
    ProtobufFields fields = new ProtobufFields(message, "opset import", source);
    while (fields.next()) {
      switch (fields.number()) {
        case OperatorSetIdProto.DOMAIN_FIELD_NUMBER -> domain = fields.text();
        case OperatorSetIdProto.VERSION_FIELD_NUMBER -> version = fields.integer();
        default -> fields.skip();
      }
    }
    source.take(64);
    domain = domain.equals(NodeParser.LONG_DOMAIN) ? "" : domain;
    Long other = draft.opsets.put(domain, version);
    source.require(
        other == null || other == version,
        "opset import '" + domain + "': " + other + " and " + version + " (expected: one version)");
  }

  private void metadata(ByteString message) {
    String key = "";
    String text = "";
    ProtobufFields fields = new ProtobufFields(message, "metadata", source);
    while (fields.next()) {
      switch (fields.number()) {
        case StringStringEntryProto.KEY_FIELD_NUMBER -> key = fields.text();
        case StringStringEntryProto.VALUE_FIELD_NUMBER -> text = fields.text();
        default -> fields.skip();
      }
    }
    source.take(64);
    if (!DomainVersions.isKey(key)) {
      draft.metadata.put(key, text);
    }
  }

  private void graph(ByteString message) {
    ProtobufFields fields = new ProtobufFields(message, "graph", source);
    while (fields.next()) {
      switch (fields.number()) {
        case GraphProto.NAME_FIELD_NUMBER -> draft.name = fields.text();
        case GraphProto.NODE_FIELD_NUMBER ->
            draft.nodes.add(NodeParser.parse(fields.bytes(), source));
        case GraphProto.INITIALIZER_FIELD_NUMBER ->
            TensorParser.initializer(fields.bytes(), draft.initializers, source);
        case GraphProto.INPUT_FIELD_NUMBER ->
            draft.inputs.add(ValueParser.required(fields.bytes(), "input", source));
        case GraphProto.OUTPUT_FIELD_NUMBER ->
            draft.outputs.add(ValueParser.required(fields.bytes(), "output", source));
        case GraphProto.VALUE_INFO_FIELD_NUMBER ->
            ValueParser.optional(fields.bytes(), source)
                .ifPresent(value -> draft.declared.putIfAbsent(value.name(), value));
        case GraphProto.SPARSE_INITIALIZER_FIELD_NUMBER ->
            throw source.fault("has sparse initializers (expected: dense ones)");
        default -> fields.skip();
      }
    }
  }

  private void checkVersions() {
    source.require(hasGraph, "holds no graph (expected: an ONNX model)");
    source.require(
        irVersion >= LEAST_IR && irVersion <= NEWEST_IR,
        "IR version "
            + irVersion
            + " (expected: "
            + LEAST_IR
            + " to "
            + NEWEST_IR
            + "); export the model with opset "
            + LEAST_OPSET
            + " to "
            + NEWEST_OPSET);
    long opset = draft.opsets.getOrDefault("", (long) Graph.OPSET);
    source.require(
        opset >= LEAST_OPSET && opset <= NEWEST_OPSET,
        "opset "
            + opset
            + " (expected: "
            + LEAST_OPSET
            + " to "
            + NEWEST_OPSET
            + "); export the model again with such an opset");
  }
}
