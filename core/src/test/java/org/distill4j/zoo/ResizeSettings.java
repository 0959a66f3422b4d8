package org.distill4j.zoo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** Those of {@link OperatorSettings} that say how maps are made larger or smaller. */
final class ResizeSettings {
  private static final Shape MAP = Shape.of(1, 4, 6, 8);

  private ResizeSettings() {}

  /** By setting, such as {@code Resize.mode}. */
  static Map<String, List<Graph>> samples() {
    Map<String, List<Graph>> all = new LinkedHashMap<>();
    HostTensor doubled = HostTensor.ofFloats(Shape.of(4), 1, 1, 2, 2);
    HostTensor halved = HostTensor.ofFloats(Shape.of(4), 1, 1, 0.5f, 0.5f);
    HostTensor odd = HostTensor.ofFloats(Shape.of(4), 1, 1, 1.3f, 1.7f);
    for (HostTensor scales : List.of(doubled, halved, odd)) {
      put(
          all,
          "Resize.mode",
          resized(scales, Map.of("mode", Attribute.of("linear"))),
          resized(scales, Map.of("mode", Attribute.of("cubic"))));
      for (String at :
          List.of("asymmetric", "align_corners", "pytorch_half_pixel", "half_pixel_symmetric")) {
        for (String mode : List.of("nearest", "linear")) {
          put(
              all,
              "Resize.coordinate_transformation_mode",
              resized(
                  scales,
                  Map.of(
                      "mode",
                      Attribute.of(mode),
                      "coordinate_transformation_mode",
                      Attribute.of(at))));
        }
      }
      for (String nearest : List.of("floor", "ceil", "round_prefer_ceil", "round_prefer_floor")) {
        for (String at : List.of("asymmetric", "half_pixel", "align_corners")) {
          put(
              all,
              "Resize.nearest_mode",
              resized(
                  scales,
                  Map.of(
                      "nearest_mode",
                      Attribute.of(nearest),
                      "coordinate_transformation_mode",
                      Attribute.of(at))));
        }
      }
      put(
          all,
          "Resize.antialias",
          resized(scales, Map.of("mode", Attribute.of("linear"), "antialias", Attribute.of(1))));
      put(
          all,
          "Resize.exclude_outside",
          resized(
              scales, Map.of("mode", Attribute.of("cubic"), "exclude_outside", Attribute.of(1))));
    }
    put(
        all,
        "Resize.axes",
        resized(
            HostTensor.ofFloats(Shape.of(2), 2, 2),
            Map.of("mode", Attribute.of("linear"), "axes", Attribute.ofInts(2, 3))),
        resized(
            HostTensor.ofFloats(Shape.of(2), 2, 1),
            Map.of("mode", Attribute.of("linear"), "axes", Attribute.ofInts(3, 2))));
    for (String policy : List.of("not_larger", "not_smaller")) {
      GraphBuilder g = new GraphBuilder("Resize");
      String x = g.input("x", DType.FLOAT32, MAP);
      String sizes = g.initializer("sizes", OperatorSamples.longs(9, 9));
      Map<String, Attribute> attributes =
          Map.of(
              "mode",
              Attribute.of("linear"),
              "keep_aspect_ratio_policy",
              Attribute.of(policy),
              "axes",
              Attribute.ofInts(2, 3));
      g.output(
          g.addNamed("y", "Resize", attributes, x, "", "", sizes), DType.FLOAT32, Shape.UNRANKED);
      put(all, "Resize.keep_aspect_ratio_policy", g.build());
    }
    return all;
  }

  private static void put(Map<String, List<Graph>> all, String setting, Graph... graphs) {
    all.computeIfAbsent(setting, k -> new ArrayList<>()).addAll(List.of(graphs));
  }

  private static Graph resized(HostTensor scales, Map<String, Attribute> attributes) {
    GraphBuilder g = new GraphBuilder("Resize");
    String x = g.input("x", DType.FLOAT32, MAP);
    String s = g.initializer("s", scales);
    g.output(g.addNamed("y", "Resize", attributes, x, "", s), DType.FLOAT32, Shape.UNRANKED);
    return g.build();
  }
}
