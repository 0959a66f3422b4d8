package org.distill4j.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProtoOrBuilder;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.fault.InputFault;

/**
 * The names of a classic model's classes, in the order of its scores: an attribute of the operator
 * that gives them, or the constants that the label it gives beside is picked from.
 */
final class ClassLabels {
  private static final List<String> TEXTS = List.of("classlabels_strings");
  private static final List<String> NUMBERS = List.of("classlabels_int64s", "classlabels_ints");

  private final GraphProtoOrBuilder graph;
  private final Map<String, NodeProto> producers = new HashMap<>();
  private final Map<String, TensorProto> constants = new HashMap<>();

  ClassLabels(GraphProtoOrBuilder graph) {
    this.graph = graph;
    for (NodeProto node : graph.getNodeList()) {
      node.getOutputList().forEach(output -> producers.put(output, node));
    }
    graph.getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
  }

  /** Those of the nearest operator behind the scores, then behind any other output. */
  Optional<List<String>> of(String scores) {
    List<String> from = new ArrayList<>();
    NodeProto last = producers.get(scores);
    if (last != null && last.getOpType().equals("ZipMap")) {
      from.add(scores); // names the very keys of its dictionaries
    }
    for (ValueInfoProto output : graph.getOutputList()) {
      if (!output.getName().equals(scores)) {
        from.add(output.getName());
      }
    }
    from.add(scores);
    return from.stream().map(this::behind).flatMap(Optional::stream).findFirst();
  }

  /** The first labels on the way back, nearest first. */
  private Optional<List<String>> behind(String value) {
    Deque<String> next = new ArrayDeque<>(List.of(value));
    Set<String> seen = new HashSet<>();
    while (!next.isEmpty()) {
      String name = next.poll();
      NodeProto node = producers.get(name);
      if (node == null || !seen.add(name)) {
        continue;
      }
      List<String> labels = labels(node);
      if (!labels.isEmpty()) {
        return Optional.of(labels);
      }
      next.addAll(node.getInputList());
    }
    return Optional.empty();
  }

  private List<String> labels(NodeProto node) {
    List<String> labels = new ArrayList<>();
    for (AttributeProto attribute : node.getAttributeList()) {
      if (TEXTS.contains(attribute.getName())) {
        attribute.getStringsList().forEach(text -> labels.add(text.toStringUtf8()));
      } else if (NUMBERS.contains(attribute.getName())) {
        attribute.getIntsList().forEach(number -> labels.add(Long.toString(number)));
      }
    }
    if (labels.isEmpty() && node.getOpType().equals("ArrayFeatureExtractor")) {
      TensorProto picked = constants.get(node.getInput(0));
      return picked == null ? labels : texts(picked);
    }
    return labels;
  }

  private static List<String> texts(TensorProto tensor) {
    List<String> texts = new ArrayList<>();
    ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    switch (tensor.getDataType()) {
      case TensorProto.DataType.STRING_VALUE -> {
        for (ByteString text : tensor.getStringDataList()) {
          texts.add(text.toStringUtf8());
        }
      }
      case TensorProto.DataType.INT64_VALUE -> {
        tensor.getInt64DataList().forEach(number -> texts.add(Long.toString(number)));
        while (raw.remaining() >= Long.BYTES) {
          texts.add(Long.toString(raw.getLong()));
        }
      }
      case TensorProto.DataType.INT32_VALUE -> {
        tensor.getInt32DataList().forEach(number -> texts.add(Integer.toString(number)));
        while (raw.remaining() >= Integer.BYTES) {
          texts.add(Integer.toString(raw.getInt()));
        }
      }
      default -> {
        return List.of(); // features, not labels
      }
    }
    if (new HashSet<>(texts).size() != texts.size()) {
      throw new InputFault("classes: " + texts + " (expected: each once)");
    }
    return texts;
  }
}
