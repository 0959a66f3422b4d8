package org.distill4j.savedmodel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.lowered.LoweredGraph;
import org.distill4j.lowered.LoweredPort;
import org.distill4j.lowered.LoweredValue;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Shape;
import org.distill4j.tensorflow.Definition;
import org.distill4j.tensorflow.Nodes;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/** The ways a SavedModel can be called. */
final class Signatures {
  static final String DEFAULT = "serving_default";
  private static final String METHOD = "tensorflow/serving/predict";

  private Signatures() {}

  static void add(
      MetaGraphDef.Builder meta,
      LoweredGraph lowered,
      Definition definition,
      ServingInputs entrances) {
    Map<String, TensorInfo> inputs = new LinkedHashMap<>();
    Map<String, TensorInfo> outputs = new LinkedHashMap<>();
    for (LoweredPort port : lowered.inputs()) {
      String node = entrances.inputs().get(port.value().name());
      inputs.put(port.value().name(), info(node, lowered.wire(port.wire())));
    }
    for (LoweredPort port : lowered.outputs()) {
      String node = definition.outputs().get(port.value().name());
      outputs.put(port.value().name(), info(node, lowered.wire(port.wire())));
    }
    put(meta, DEFAULT, inputs, outputs);
    entrances
        .pixels()
        .ifPresent(
            node -> {
              LoweredValue wire = lowered.wire(lowered.inputs().get(0).wire());
              Shape held =
                  lowered.inputs().get(0).layout() == org.distill4j.lowered.Layout.CHANNELS_LAST
                      ? wire.shape()
                      : org.distill4j.lowered.ElementOrder.held(wire.shape(), true);
              put(meta, "pixels", Map.of("pixels", info(node, DType.UINT8, held)), outputs);
            });
    entrances
        .image()
        .ifPresent(
            node -> {
              TensorInfo image =
                  TensorInfo.newBuilder()
                      .setName(node + ":0")
                      .setDtype(DataType.DT_STRING)
                      .setTensorShape(Nodes.proto(Shape.SCALAR))
                      .build();
              put(meta, "image", Map.of("image", image), outputs);
            });
    lowered
        .features()
        .ifPresent(
            wire -> {
              TensorInfo features = info(definition.node(wire), lowered.wire(wire));
              put(meta, "features", inputs, Map.of("features", features));
            });
  }

  private static void put(
      MetaGraphDef.Builder meta,
      String name,
      Map<String, TensorInfo> inputs,
      Map<String, TensorInfo> outputs) {
    meta.putSignatureDef(
        name,
        SignatureDef.newBuilder()
            .setMethodName(METHOD)
            .putAllInputs(inputs)
            .putAllOutputs(outputs)
            .build());
  }

  private static TensorInfo info(String node, LoweredValue wire) {
    return info(node, wire.type(), wire.shape());
  }

  private static TensorInfo info(String node, DType type, Shape shape) {
    return TensorInfo.newBuilder()
        .setName(node + ":0")
        .setDtype(Nodes.dataType(type))
        .setTensorShape(Nodes.proto(shape))
        .build();
  }

  /** The names that a model may have, for messages. */
  static List<String> names(MetaGraphDef meta) {
    return meta.getSignatureDefMap().keySet().stream().sorted().toList();
  }
}
