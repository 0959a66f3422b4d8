package org.distill4j.savedmodel;

import java.util.Optional;
import org.distill4j.images.ResizeMode;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.tensorflow.Nodes;

/**
 * The nodes that make of an encoded image the pixels that this library itself makes of it: grey by
 * the same weights, the same part of it, the same triangle filter, halves rounded up.
 */
final class ImageNodes {
  private static final int[] GREY = {299, 587, 114}; // ITU-R BT.601
  private static final int ALL_GREY = 1000;

  private final Nodes nodes;
  private final Shape map;
  private final boolean crops;

  /**
   * Nodes for one model.
   *
   * @param map what the model takes, {@code [batch, rows, columns, channels]}
   */
  ImageNodes(Nodes nodes, Shape map, Optional<ResizeMode> fit) {
    this.nodes = nodes;
    this.map = map;
    this.crops = fit.filter(mode -> mode == ResizeMode.CROP).isPresent();
  }

  /** An image file as bytes of the model's size, a batch of one. */
  String decoded(String image) {
    String colours =
        nodes.add(
            "DecodeImage",
            "image/decoded",
            Nodes.attributes()
                .integer("channels", GREY.length)
                .type("dtype", DType.UINT8)
                .flag("expand_animations", false),
            image);
    String all = map.size(3) == 1 ? grey(colours) : colours;
    String part = crops ? middle(all) : all;
    String batch =
        nodes.add(
            "ExpandDims",
            "image/batch",
            Nodes.attributes().type("T", DType.UINT8).type("Tdim", DType.INT32),
            part,
            nodes.integers("image/axis", Shape.SCALAR, 0));
    return bytes(resized(batch, extents(part, "image/part_of")));
  }

  /** {@code (299 red + 587 green + 114 blue + 500) / 1000} in whole numbers. */
  private String grey(String colours) {
    Nodes.Attributes whole = Nodes.attributes().type("T", DType.INT32);
    String weighed =
        nodes.add(
            "Mul",
            "image/weighed",
            whole,
            cast("image/colours", colours, DType.UINT8, DType.INT32),
            nodes.integers("image/grey_weights", Shape.of(GREY.length), GREY));
    String sum =
        nodes.add(
            "Sum",
            "image/grey_sum",
            Nodes.attributes()
                .type("T", DType.INT32)
                .type("Tidx", DType.INT32)
                .flag("keep_dims", true),
            weighed,
            nodes.integers("image/grey_axis", Shape.of(1), 2));
    String half =
        nodes.add(
            "AddV2",
            "image/grey_half",
            whole,
            sum,
            nodes.integers("image/grey_up", Shape.SCALAR, ALL_GREY / 2));
    String mean =
        nodes.add(
            "FloorDiv",
            "image/grey",
            whole,
            half,
            nodes.integers("image/grey_all", Shape.SCALAR, ALL_GREY));
    return cast("image/grey_bytes", mean, DType.INT32, DType.UINT8);
  }

  /** By the triangle filter that is as wide as a pixel of the smaller of both images. */
  private String resized(String batch, String extents) {
    int rows = (int) map.size(1);
    int columns = (int) map.size(2);
    String scale =
        nodes.add(
            "RealDiv",
            "image/scale",
            real(),
            nodes.constant(
                "image/extents_wanted",
                HostTensor.ofFloats(Shape.of(2), (float) rows, (float) columns)),
            cast("image/extents_had", extents, DType.INT32, DType.FLOAT32));
    return nodes.add(
        "ScaleAndTranslate",
        "image/sized",
        Nodes.attributes()
            .type("T", DType.UINT8)
            .text("kernel_type", "triangle")
            .flag("antialias", true),
        batch,
        nodes.integers("image/size", Shape.of(2), rows, columns),
        scale,
        nodes.constant("image/no_shift", HostTensor.ofFloats(Shape.of(2), 0, 0)));
  }

  private String bytes(String sized) {
    String above =
        nodes.add(
            "AddV2",
            "image/half_above",
            real(),
            sized,
            nodes.constant("image/half_up", HostTensor.scalar(0.5f)));
    String rounded = nodes.add("Floor", "image/rounded", real(), above);
    return cast("image/pixels", rounded, DType.FLOAT32, DType.UINT8);
  }

  /** Rows and columns of an image. */
  private String extents(String image, String stem) {
    String shape =
        nodes.add(
            "Shape",
            stem + "_shape",
            Nodes.attributes().type("T", DType.UINT8).type("out_type", DType.INT32),
            image);
    return slice(
        stem + "_extents",
        DType.INT32,
        shape,
        nodes.integers(stem + "_first", Shape.of(1), 0),
        nodes.integers(stem + "_rows_columns", Shape.of(1), 2));
  }

  /** The largest part around the middle that has the proportions of the model's size. */
  private String middle(String all) {
    Nodes.Attributes index = Nodes.attributes().type("T", DType.INT32);
    String extents = extents(all, "image/all");
    String size = partSize(extents);
    String begin =
        nodes.add(
            "FloorDiv",
            "image/part_begin",
            index,
            nodes.add("Sub", "image/part_rest", index, extents, size),
            nodes.integers("image/two", Shape.SCALAR, 2));
    return slice("image/part", DType.UINT8, all, joined(begin, 0), joined(size, -1));
  }

  /** Its rows and columns: of each as many as there are, or as suit the other, rounded, from 1. */
  private String partSize(String extents) {
    Nodes.Attributes exact = Nodes.attributes().type("T", DType.FLOAT64);
    String real = cast("image/extents_real", extents, DType.INT32, DType.FLOAT64);
    String swapped =
        nodes.add(
            "ReverseV2",
            "image/swapped",
            Nodes.attributes().type("T", DType.FLOAT64).type("Tidx", DType.INT32),
            real,
            nodes.integers("image/swap", Shape.of(1), 0));
    double proportion = (double) map.size(2) / map.size(1);
    String shorter =
        nodes.add("RealDiv", "image/shorter", exact, swapped, pair("image/divisor", proportion, 1));
    String suited =
        nodes.add("Mul", "image/suited", exact, shorter, pair("image/factor", 1, proportion));
    String half =
        nodes.add("AddV2", "image/suited_half", exact, suited, pair("image/half", 0.5, 0.5));
    String rounded = nodes.add("Floor", "image/suited_whole", exact, half);
    String most = nodes.add("Minimum", "image/part_most", exact, real, rounded);
    String part = nodes.add("Maximum", "image/part_extents", exact, most, pair("image/one", 1, 1));
    return cast("image/part_size", part, DType.FLOAT64, DType.INT32);
  }

  private String pair(String stem, double rows, double columns) {
    return nodes.constant(stem, HostTensor.ofDoubles(Shape.of(2), rows, columns));
  }

  private String slice(String stem, DType type, String from, String begin, String size) {
    return nodes.add(
        "Slice",
        stem,
        Nodes.attributes().type("T", type).type("Index", DType.INT32),
        from,
        begin,
        size);
  }

  private String joined(String two, int third) {
    return nodes.add(
        "ConcatV2",
        "image/part_of_all",
        Nodes.attributes().type("T", DType.INT32).type("Tidx", DType.INT32).integer("N", 2),
        two,
        nodes.integers("image/channels", Shape.of(1), third),
        nodes.integers("image/along", Shape.SCALAR, 0));
  }

  private String cast(String stem, String value, DType from, DType to) {
    return cast(nodes, stem, value, from, to);
  }

  static String cast(Nodes nodes, String stem, String value, DType from, DType to) {
    return nodes.add(
        "Cast",
        stem,
        Nodes.attributes().type("SrcT", from).type("DstT", to).flag("Truncate", false),
        value);
  }

  /** Of nodes that compute in float32. */
  static Nodes.Attributes real() {
    return Nodes.attributes().type("T", DType.FLOAT32);
  }
}
