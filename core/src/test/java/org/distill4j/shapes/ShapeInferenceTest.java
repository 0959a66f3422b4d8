package org.distill4j.shapes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Node;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class ShapeInferenceTest {
  private static final Map<String, Attribute> NONE = Map.of();
  private int count;
  private final GraphBuilder g = new GraphBuilder("test");

  @Test
  void infer_convPoolFlattenGemm_carriesTheBatchThrough() {
    String x = batch(1, 28, 28);
    String conv = g.add("Conv", Map.of("pads", Attribute.ofInts(1, 1, 1, 1)), x, w(8, 1, 3, 3));
    Map<String, Attribute> two =
        Map.of("kernel_shape", Attribute.ofInts(2, 2), "strides", Attribute.ofInts(2, 2));
    String pool = g.add("MaxPool", two, conv);
    String flat = g.add("Flatten", NONE, pool);
    String gemm = g.add("Gemm", Map.of("transB", Attribute.of(1)), flat, w(10, 1568), w(10));

    Shapes shapes = infer(gemm);

    assertThat(shapes.shape(conv)).hasToString("[batch, 8, 28, 28]");
    assertThat(shapes.shape(pool)).hasToString("[batch, 8, 14, 14]");
    assertThat(shapes.shape(flat)).hasToString("[batch, 1568]");
    assertThat(shapes.shape(gemm)).hasToString("[batch, 10]");
    assertThat(shapes.type(gemm)).isEqualTo(DType.FLOAT32);
  }

  @Test
  void infer_otherBatch_replacesTheSymbol() {
    String x = batch(4);
    String y = g.add("Relu", NONE, x);
    g.output(y, DType.FLOAT32, Shape.of(4).prepend(Dim.of("batch")));

    Shapes shapes = ShapeInference.infer(g.build(), Map.of(x, Shape.of(128, 4)));

    assertThat(shapes.shape(y)).isEqualTo(Shape.of(128, 4));
  }

  @Test
  void infer_reshapeToMinusOne_cancelsTheBatchOut() {
    String x = batch(128, 7, 7);
    String flat = g.add("Reshape", NONE, x, longs(-1, 6272));
    String merged = g.add("Reshape", NONE, x, longs(-1, 7));
    String split = g.add("Reshape", NONE, merged, longs(-1, 128, 49));
    String kept = g.add("Reshape", NONE, split, longs(0, 0, 7, -1));

    Shapes shapes = infer(kept);

    assertThat(shapes.shape(flat)).hasToString("[batch, 6272]");
    assertThat(shapes.shape(merged)).hasToString("[896*batch, 7]");
    assertThat(shapes.shape(split)).hasToString("[batch, 128, 49]");
    assertThat(shapes.shape(kept)).hasToString("[batch, 128, 7, 7]");
  }

  @Test
  void infer_shapeGatherConcatReshape_followsTheIntegers() {
    String x = batch(16, 5, 5);
    String shape = g.add("Shape", NONE, x);
    String n = g.add("Gather", NONE, shape, scalar(0));
    String rows = g.add("Unsqueeze", NONE, n, longs(0));
    String target = g.add("Concat", Map.of("axis", Attribute.of(0)), rows, longs(-1));
    String y = g.add("Reshape", NONE, x, target);

    Shapes shapes = infer(y);

    assertThat(shapes.shape(y)).hasToString("[batch, 400]");
    assertThat(shapes.integers(target)).isEmpty();
  }

  @Test
  void infer_expandAsExportersWriteIt_followsEqualAndWhere() {
    String x = batch(1, 8);
    String rows = g.add("Slice", NONE, g.add("Shape", NONE, x), longs(0), longs(1));
    String want = g.add("Concat", Map.of("axis", Attribute.of(0)), rows, longs(6, -1));
    String ones =
        g.add(
            "ConstantOfShape",
            Map.of("value", Attribute.of(HostTensor.ofLongs(Shape.of(1), 1))),
            longs(3));
    String minus = g.add("Mul", NONE, ones, scalar(-1));
    String equal = g.add("Equal", NONE, want, minus);
    String target = g.add("Where", NONE, equal, ones, want);
    String y = g.add("Expand", NONE, x, target);

    assertThat(infer(y).shape(y)).hasToString("[batch, 6, 8]");
  }

  @Test
  void infer_unknownOperator_leavesItsOutputsUnranked() {
    String x = batch(4);
    g.add(new Node("n", "my.domain", "Magic", List.of(x), List.of("m"), NONE));
    String y = g.add("Relu", NONE, "m");

    Shapes shapes = infer(y);

    assertThat(shapes.shape(y)).isEqualTo(Shape.UNRANKED);
    assertThat(shapes.type(y)).isEqualTo(DType.FLOAT32);
  }

  @Test
  void infer_convForOtherChannels_isRefusedWithBothSides() {
    String y = g.addNamed("conv1", "Conv", NONE, batch(3, 8, 8), w(4, 5, 3, 3));
    assertFault(
        y,
        "Conv 'conv1': input [batch, 3, 8, 8] has 3 channels"
            + " (expected: 5 for weights [4, 5, 3, 3] and group 1)");
  }

  @Test
  void infer_matMulOfOtherInnerExtents_isRefused() {
    String y = g.addNamed("m", "MatMul", NONE, batch(3), w(4, 5));
    assertFault(y, "MatMul 'm': [batch, 3] x [4, 5] has inner extents 3 and 4 (expected:");
  }

  @Test
  void infer_gemmOfOtherInnerExtents_isRefused() {
    String y = g.addNamed("g", "Gemm", Map.of("transB", Attribute.of(1)), batch(3), w(4, 5));
    assertFault(y, "Gemm 'g': A [batch, 3] has 3 columns (expected: 5 for B [4, 5] transposed)");
  }

  @Test
  void infer_concatOfOtherExtents_isRefused() {
    Map<String, Attribute> axis = Map.of("axis", Attribute.of(1));
    String y = g.addNamed("c", "Concat", axis, batch(3, 4), w(2, 3, 5));
    assertFault(y, "Concat 'c': [batch, 3, 4] and [2, 3, 5] (expected: the same extents but");
  }

  @Test
  void infer_reshapeToAnotherCount_isRefused() {
    String y = g.addNamed("r", "Reshape", NONE, w(2, 3), longs(7));
    assertFault(y, "Reshape 'r': input [2, 3] of 6 elements to [7] (expected: as many elements)");
  }

  @Test
  void infer_batchNormVectorOfOtherLength_isRefused() {
    String y = g.addNamed("b", "BatchNormalization", NONE, batch(3, 4, 4), w(3), w(4), w(3), w(3));
    assertFault(y, "BatchNormalization 'b': bias of input [batch, 3, 4, 4]: [4] (expected: [3])");
  }

  @Test
  void infer_axisBehindTheLast_isRefused() {
    String y = g.addNamed("s", "Softmax", Map.of("axis", Attribute.of(2)), batch(3));
    assertFault(y, "Softmax 's': axis: 2 (expected: -2 to 1 for rank 2)");
  }

  @Test
  void infer_sumOfShapesThatDoNotStretch_isRefused() {
    String y = g.addNamed("a", "Add", NONE, batch(3), w(4));
    assertFault(y, "Add 'a': [batch, 3] and [4] (expected: extents that are equal or 1");
  }

  @Test
  void infer_attributeOfAnotherKind_isRefused() {
    String y = g.addNamed("s", "Softmax", Map.of("axis", Attribute.of("last")), batch(3));
    assertFault(y, "Softmax 's' attribute 'axis': Text[value=last] (expected: Int)");
  }

  @Test
  void infer_missingInput_isRefused() {
    assertFault(g.addNamed("c", "Conv", NONE, batch(3, 4, 4)), "Conv 'c': input 1 is missing");
  }

  @Test
  void infer_moreElementsThanALongHolds_isRefused() {
    long huge = Integer.MAX_VALUE * 4L;
    String x = g.input("x", DType.FLOAT32, Shape.of(huge, huge, huge));
    assertFault(g.addNamed("f", "Flatten", NONE, x), "Flatten 'f': more elements than can be");
  }

  @Test
  void infer_outputDeclaredOtherwise_isRefused() {
    String y = g.add("Relu", NONE, batch(3));
    g.output(y, DType.FLOAT32, Shape.of(4).prepend(Dim.of("batch")));
    assertThatThrownBy(() -> ShapeInference.infer(g.build()))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "output 'relu': declared as FLOAT32 [batch, 4]"
                + " (expected: FLOAT32 [batch, 3], which its nodes make)");
  }

  private String batch(long... sizes) {
    return g.input("x", DType.FLOAT32, Shape.of(sizes).prepend(Dim.of("batch")));
  }

  private String w(long... sizes) {
    Shape shape = Shape.of(sizes);
    return g.initializer(
        "w" + count++, HostTensor.ofFloats(shape, new float[(int) shape.elements()]));
  }

  private String longs(long... values) {
    return g.initializer("i" + count++, HostTensor.ofLongs(Shape.of(values.length), values));
  }

  private String scalar(long value) {
    return g.initializer("s" + count++, HostTensor.ofLongs(Shape.SCALAR, value));
  }

  private Shapes infer(String output) {
    g.output(output, DType.FLOAT32, Shape.UNRANKED);
    return ShapeInference.infer(g.build());
  }

  private void assertFault(String output, String line) {
    assertThatThrownBy(() -> infer(output))
        .isInstanceOf(InputFault.class)
        .hasMessageStartingWith(line);
  }
}
