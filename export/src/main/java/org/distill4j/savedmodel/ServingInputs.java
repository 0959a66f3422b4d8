package org.distill4j.savedmodel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.lowered.Axes;
import org.distill4j.lowered.Layout;
import org.distill4j.lowered.LoweredGraph;
import org.distill4j.lowered.LoweredPort;
import org.distill4j.lowered.LoweredValue;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.tensorflow.Nodes;
import org.tensorflow.proto.DataType;

/**
 * The nodes that a model is fed through. A model of images that says what it does to raw values has
 * three in a row, each of which is computed from the one before where it is not fed: an encoded
 * image, its pixels as bytes, the input.
 *
 * @param inputs the node of each input, by the input's name
 * @param pixels takes bytes {@code [batch, rows, columns, channels]}
 * @param image takes one encoded image as a scalar text
 */
record ServingInputs(Map<String, String> inputs, Optional<String> pixels, Optional<String> image) {
  static ServingInputs of(LoweredGraph lowered, Nodes nodes) {
    Optional<Preprocessing> preprocessing = Metadata.preprocessing(lowered.graph());
    if (lowered.inputs().size() == 1 && preprocessing.isPresent()) {
      LoweredPort port = lowered.inputs().get(0);
      Shape map = asMap(lowered.wire(port.wire()).shape(), port.layout());
      boolean picture =
          map.rank() == 4
              && map.dropFirst().isStatic()
              && (!map.dim(0).isKnown() || map.size(0) == 1)
              && (map.size(3) == 1 || map.size(3) == 3);
      if (picture && preprocessing.get().fits(map.size(3))) {
        return ofImages(lowered, nodes, map, preprocessing.get());
      }
    }
    Map<String, String> inputs = new LinkedHashMap<>();
    for (LoweredPort port : lowered.inputs()) {
      LoweredValue wire = lowered.wire(port.wire());
      inputs.put(
          port.value().name(),
          nodes.add(
              "Placeholder",
              wire.name(),
              Nodes.attributes().type("dtype", wire.type()).shape("shape", wire.shape())));
    }
    return new ServingInputs(inputs, Optional.empty(), Optional.empty());
  }

  private static Shape asMap(Shape held, Layout layout) {
    if (held.rank() != 4 || layout == Layout.CHANNELS_LAST) {
      return held;
    }
    List<Dim> dims = held.dims();
    return Shape.of(List.of(dims.get(0), dims.get(2), dims.get(3), dims.get(1)));
  }

  private static ServingInputs ofImages(
      LoweredGraph lowered, Nodes nodes, Shape map, Preprocessing preprocessing) {
    LoweredPort port = lowered.inputs().get(0);
    LoweredValue wire = lowered.wire(port.wire());
    String image =
        nodes.add(
            "Placeholder",
            "image",
            Nodes.attributes().type("dtype", DataType.DT_STRING).shape("shape", Shape.SCALAR));
    String pixels =
        nodes.add(
            "PlaceholderWithDefault",
            "pixels",
            Nodes.attributes().type("dtype", DType.UINT8).shape("shape", map),
            new ImageNodes(nodes, map, Metadata.fit(lowered.graph())).decoded(image));
    String values = preprocessed(nodes, pixels, preprocessing, (int) map.size(3));
    if (port.layout() != Layout.CHANNELS_LAST) {
      int[] order = Axes.toFirst(4);
      values =
          nodes.add(
              "Transpose",
              "preprocessing/channels_first",
              ImageNodes.real().type("Tperm", DType.INT32),
              values,
              nodes.integers("preprocessing/order", Shape.of(4), order));
    }
    String input =
        nodes.add(
            "PlaceholderWithDefault",
            wire.name(),
            Nodes.attributes().type("dtype", wire.type()).shape("shape", wire.shape()),
            values);
    return new ServingInputs(
        Map.of(port.value().name(), input), Optional.of(pixels), Optional.of(image));
  }

  private static String preprocessed(
      Nodes nodes, String pixels, Preprocessing preprocessing, int channels) {
    float[] factors = new float[channels];
    float[] offsets = new float[channels];
    for (int c = 0; c < channels; c++) {
      factors[c] = preprocessing.factor(c);
      offsets[c] = preprocessing.offset(c);
    }
    String real =
        ImageNodes.cast(
            nodes,
            "preprocessing/real",
            ordered(nodes, pixels, preprocessing, channels),
            DType.UINT8,
            DType.FLOAT32);
    Shape row = Shape.of(channels);
    String factor = nodes.constant("preprocessing/factor", HostTensor.ofFloats(row, factors));
    String offset = nodes.constant("preprocessing/offset", HostTensor.ofFloats(row, offsets));
    String scaled = nodes.add("Mul", "preprocessing/scaled", ImageNodes.real(), real, factor);
    return nodes.add("AddV2", "preprocessing/values", ImageNodes.real(), scaled, offset);
  }

  /** The channels of pixels as the model has them. */
  private static String ordered(
      Nodes nodes, String pixels, Preprocessing preprocessing, int channels) {
    if (preprocessing.order().isEmpty()) {
      return pixels;
    }
    int[] order = IntStream.range(0, channels).map(preprocessing::source).toArray();
    return nodes.add(
        "GatherV2",
        "preprocessing/ordered",
        Nodes.attributes()
            .type("Tparams", DType.UINT8)
            .type("Tindices", DType.INT32)
            .type("Taxis", DType.INT32)
            .integer("batch_dims", 0),
        pixels,
        nodes.integers("preprocessing/channels", Shape.of(channels), order),
        nodes.integers("preprocessing/axis", Shape.SCALAR, 3));
  }
}
