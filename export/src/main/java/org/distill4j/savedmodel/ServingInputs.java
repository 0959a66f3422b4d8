package org.distill4j.savedmodel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.images.ResizeMode;
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
          map.rank() == 4 && map.dropFirst().isStatic() && (map.size(3) == 1 || map.size(3) == 3);
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
            decoded(nodes, image, map, Metadata.fit(lowered.graph())));
    String values = preprocessed(nodes, pixels, preprocessing, (int) map.size(3));
    if (port.layout() != Layout.CHANNELS_LAST) {
      int[] order = Axes.toFirst(4);
      values =
          nodes.add(
              "Transpose",
              "preprocessing/channels_first",
              real().type("Tperm", DType.INT32),
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

  private static Nodes.Attributes real() {
    return Nodes.attributes().type("T", DType.FLOAT32);
  }

  /** An image file as bytes of the model's size, a batch of one. */
  private static String decoded(Nodes nodes, String image, Shape map, Optional<ResizeMode> fit) {
    String all =
        nodes.add(
            "DecodeImage",
            "image/decoded",
            Nodes.attributes()
                .integer("channels", map.size(3))
                .type("dtype", DType.UINT8)
                .flag("expand_animations", false),
            image);
    String part =
        fit.filter(mode -> mode == ResizeMode.CROP).isPresent() ? middle(nodes, all, map) : all;
    String batch =
        nodes.add(
            "ExpandDims",
            "image/batch",
            Nodes.attributes().type("T", DType.UINT8).type("Tdim", DType.INT32),
            part,
            nodes.integers("image/axis", Shape.SCALAR, 0));
    String sized =
        nodes.add(
            "ResizeBilinear",
            "image/sized",
            Nodes.attributes()
                .type("T", DType.UINT8)
                .flag("align_corners", false)
                .flag("half_pixel_centers", true),
            batch,
            nodes.integers("image/size", Shape.of(2), (int) map.size(1), (int) map.size(2)));
    String rounded = nodes.add("Round", "image/rounded", real(), sized);
    return cast(nodes, "image/pixels", rounded, DType.FLOAT32, DType.UINT8);
  }

  /** The largest part around the middle that has the proportions of the model's size. */
  private static String middle(Nodes nodes, String all, Shape map) {
    Nodes.Attributes index = Nodes.attributes().type("T", DType.INT32);
    String shape =
        nodes.add(
            "Shape",
            "image/shape",
            Nodes.attributes().type("T", DType.UINT8).type("out_type", DType.INT32),
            all);
    String extents =
        slice(
            nodes,
            "image/extents",
            DType.INT32,
            shape,
            nodes.integers("image/first", Shape.of(1), 0),
            nodes.integers("image/rows_columns", Shape.of(1), 2));
    String size = partSize(nodes, extents, map);
    String begin =
        nodes.add(
            "FloorDiv",
            "image/part_begin",
            index,
            nodes.add("Sub", "image/part_rest", index, extents, size),
            nodes.integers("image/two", Shape.SCALAR, 2));
    return slice(
        nodes, "image/part", DType.UINT8, all, joined(nodes, begin, 0), joined(nodes, size, -1));
  }

  /** Its rows and columns: of each as many as there are, or as suit the other, rounded, from 1. */
  private static String partSize(Nodes nodes, String extents, Shape map) {
    String real = cast(nodes, "image/extents_real", extents, DType.INT32, DType.FLOAT32);
    String swapped =
        nodes.add(
            "ReverseV2",
            "image/swapped",
            real().type("Tidx", DType.INT32),
            real,
            nodes.integers("image/swap", Shape.of(1), 0));
    float proportion = (float) map.size(2) / map.size(1);
    String suited =
        nodes.add(
            "Mul",
            "image/suited",
            real(),
            swapped,
            nodes.constant(
                "image/proportions", HostTensor.ofFloats(Shape.of(2), 1 / proportion, proportion)));
    String rounded =
        nodes.add(
            "Floor",
            "image/suited_whole",
            real(),
            nodes.add(
                "AddV2",
                "image/suited_half",
                real(),
                suited,
                nodes.constant("image/half", HostTensor.ofFloats(Shape.SCALAR, 0.5f))));
    String most = nodes.add("Minimum", "image/part_most", real(), real, rounded);
    String part =
        nodes.add(
            "Maximum",
            "image/part_extents",
            real(),
            most,
            nodes.constant("image/one", HostTensor.ofFloats(Shape.SCALAR, 1)));
    return cast(nodes, "image/part_size", part, DType.FLOAT32, DType.INT32);
  }

  private static String slice(
      Nodes nodes, String stem, DType type, String from, String begin, String size) {
    return nodes.add(
        "Slice",
        stem,
        Nodes.attributes().type("T", type).type("Index", DType.INT32),
        from,
        begin,
        size);
  }

  private static String joined(Nodes nodes, String two, int third) {
    return nodes.add(
        "ConcatV2",
        "image/part_of_all",
        Nodes.attributes().type("T", DType.INT32).type("Tidx", DType.INT32).integer("N", 2),
        two,
        nodes.integers("image/channels", Shape.of(1), third),
        nodes.integers("image/along", Shape.SCALAR, 0));
  }

  private static String cast(Nodes nodes, String stem, String value, DType from, DType to) {
    return nodes.add(
        "Cast",
        stem,
        Nodes.attributes().type("SrcT", from).type("DstT", to).flag("Truncate", false),
        value);
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
        cast(
            nodes,
            "preprocessing/real",
            ordered(nodes, pixels, preprocessing, channels),
            DType.UINT8,
            DType.FLOAT32);
    Shape row = Shape.of(channels);
    String factor = nodes.constant("preprocessing/factor", HostTensor.ofFloats(row, factors));
    String offset = nodes.constant("preprocessing/offset", HostTensor.ofFloats(row, offsets));
    String scaled = nodes.add("Mul", "preprocessing/scaled", real(), real, factor);
    return nodes.add("AddV2", "preprocessing/values", real(), scaled, offset);
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
