package org.distill4j.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import org.distill4j.tensor.DType;

/** A model of opset 7 with one of everything that is spelled differently today. */
final class Oldest {
  private Oldest() {}

  /** Takes x [n, 2, 4, 4], gives y [n, 3, 1] and top [n, 2]. */
  static ModelProto model() {
    ModelProto.Builder model = Protos.model(7).setIrVersion(3);
    GraphProto.Builder graph = model.getGraphBuilder();
    graph.addInput(Protos.value("x", DType.FLOAT32, -1, 2, 4, 4));
    graph.addInput(Protos.value("w", DType.FLOAT32, 3, 2, 1, 1));
    graph.addInitializer(Protos.floats("w", List.of(3L, 2L, 1L, 1L), 1, 2, 3, -4, 5, -6));
    for (String name : List.of("scale", "bias", "mean", "var")) {
      graph.addInput(Protos.value(name, DType.FLOAT32, 3));
      graph.addInitializer(Protos.floats(name, List.of(3L), .5f, 1, 2));
    }
    add(
        graph,
        "Conv",
        List.of("x", "w"),
        "conv",
        Protos.node("").addAttribute(Protos.ints("kernel_shape", 1, 1)));
    add(
        graph,
        "BatchNormalization",
        List.of("conv", "scale", "bias", "mean", "var"),
        "norm",
        Protos.node("").addAttribute(Protos.attribute("spatial", 1)));
    add(
        graph,
        "Clip",
        List.of("norm"),
        "clip",
        Protos.node("")
            .addAttribute(Protos.attribute("min", 0f))
            .addAttribute(Protos.attribute("max", 6f)));
    add(
        graph,
        "Pad",
        List.of("clip"),
        "pad",
        Protos.node("")
            .addAttribute(Protos.ints("pads", 0, 0, 1, 0, 0, 0, 0, 1))
            .addAttribute(Protos.attribute("value", .5f)));
    add(
        graph,
        "Slice",
        List.of("pad"),
        "slice",
        Protos.node("")
            .addAttribute(Protos.ints("starts", 0, 1))
            .addAttribute(Protos.ints("ends", 4, 5))
            .addAttribute(Protos.ints("axes", 2, 3)));
    add(
        graph,
        "Upsample",
        List.of("slice"),
        "up",
        Protos.node("").addAttribute(Protos.floats("scales", 1, 1, 2, 2)));
    add(
        graph,
        "Dropout",
        List.of("up"),
        "drop",
        Protos.node("").addAttribute(Protos.attribute("ratio", .25f)));
    add(
        graph,
        "ReduceMean",
        List.of("drop"),
        "pooled",
        Protos.node("")
            .addAttribute(Protos.ints("axes", 3))
            .addAttribute(Protos.attribute("keepdims", 0)));
    add(
        graph,
        "Softmax",
        List.of("pooled"),
        "soft",
        Protos.node("").addAttribute(Protos.attribute("axis", 1)));
    add(
        graph,
        "ReduceSum",
        List.of("soft"),
        "sum",
        Protos.node("")
            .addAttribute(Protos.ints("axes", 2))
            .addAttribute(Protos.attribute("keepdims", 0)));
    add(
        graph,
        "Unsqueeze",
        List.of("sum"),
        "y",
        Protos.node("").addAttribute(Protos.ints("axes", 2)));
    add(
        graph,
        "TopK",
        List.of("sum"),
        "top",
        Protos.node("").addAttribute(Protos.attribute("k", 2)));
    graph.getNodeBuilder(graph.getNodeCount() - 1).addOutput("which");
    graph.addOutput(Protos.value("y", DType.FLOAT32, -1, 3, 1));
    graph.addOutput(Protos.value("top", DType.FLOAT32, -1, 2));
    ValueInfoProto.Builder declared = Protos.value("conv", DType.FLOAT32, -1, 3, 4, 4);
    graph.addValueInfo(declared);
    model.addMetadataPropsBuilder().setKey("note").setValue("by hand");
    return model.build();
  }

  private static void add(
      GraphProto.Builder graph,
      String op,
      List<String> inputs,
      String output,
      NodeProto.Builder n) {
    graph.addNode(Protos.node(op, inputs, List.of(output)).addAllAttribute(n.getAttributeList()));
  }
}
