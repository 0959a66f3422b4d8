package org.distill4j.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.passes.LinearLayer;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.distill4j.zoo.Mlp;
import org.distill4j.zoo.ResNet;
import org.junit.jupiter.api.Test;

/** Criteria by hand, how much goes, and what is refused. */
class PrunerTest {
  /** Three units of two inputs each: rows (3, -4), (1, 1), (0, 2). */
  private static final float[] ROWS = {3, -4, 1, 1, 0, 2};

  private static Graph dense(float... rows) {
    GraphBuilder g = new GraphBuilder("dense");
    g.input("x", DType.FLOAT32, Shape.of(2).prepend(Dim.of("batch")));
    g.initializer("w", HostTensor.ofFloats(Shape.of(3, 2), rows));
    g.initializer("v", HostTensor.ofFloats(Shape.of(1, 3), 1, 1, 1));
    Map<String, Attribute> transposed = Map.of("transB", Attribute.of(1));
    g.addNamed("hidden", "Gemm", transposed, "x", "w");
    g.addNamed("y", "Gemm", transposed, "hidden", "v");
    g.output("y", DType.FLOAT32, Shape.of(List.of(Dim.of("batch"), Dim.of(1))));
    return g.build();
  }

  private static double[] scores(Graph model, ImportanceCriterion criterion, Gradients gradients) {
    return ChannelImportance.of(ChannelGroups.of(model), criterion, gradients).of(0);
  }

  @Test
  void scores_byL1AndL2_areNormsOverTheMean() {
    // norms 7, 2, 2 with the mean 11/3; 5, 1.4142, 2 with the mean 2.8047
    assertThat(scores(dense(ROWS), ImportanceCriterion.L1, Gradients.NONE))
        .containsExactly(new double[] {21.0 / 11, 6.0 / 11, 6.0 / 11}, within(1e-9));
    assertThat(scores(dense(ROWS), ImportanceCriterion.L2, Gradients.NONE))
        .containsExactly(new double[] {1.782700, 0.504224, 0.713080}, within(1e-5));
  }

  @Test
  void scores_byFpgm_areDistancesToAllOthersOverTheMean() {
    // |r1 - r2| = sqrt(29), |r1 - r3| = sqrt(45), |r2 - r3| = sqrt(2)
    double a = Math.sqrt(29) + Math.sqrt(45);
    double b = Math.sqrt(29) + Math.sqrt(2);
    double c = Math.sqrt(45) + Math.sqrt(2);
    double mean = (a + b + c) / 3;
    assertThat(scores(dense(ROWS), ImportanceCriterion.FPGM, Gradients.NONE))
        .containsExactly(new double[] {a / mean, b / mean, c / mean}, within(1e-9));
  }

  @Test
  void scores_byTaylor_areMeansOfSquaredProductsOverTheirMean() {
    Gradients gradients =
        taker -> {
          taker.accept(gradient(1, 1, 2, 0, 0, 1)); // sums 3 - 4, 2, 2: squares 1, 4, 4
          taker.accept(gradient(1, 0, 0, 0, 0, 0)); // 3, 0, 0: squares 9, 0, 0
        };
    assertThat(scores(dense(ROWS), ImportanceCriterion.TAYLOR, gradients))
        .containsExactly(new double[] {5.0 / 3, 2.0 / 3, 2.0 / 3}, within(1e-9)); // 5, 2, 2
  }

  private static Map<String, HostTensor> gradient(float... values) {
    return Map.of("w", HostTensor.ofFloats(Shape.of(3, 2), values));
  }

  @Test
  void scores_byBatchNorm_areMagnitudesOfScales() {
    Graph net = new Cnn(List.of("3"), List.of(), 0, true).build(Shape.of(1, 4, 4), 2, 1);
    Graph scaled =
        net.withInitializers(Map.of("norm1.scale", HostTensor.ofFloats(Shape.of(3), -2, 0.5f, 1)));
    assertThat(scores(scaled, ImportanceCriterion.BATCH_NORM, Gradients.NONE))
        .containsExactly(2, 0.5, 1);
    assertThatThrownBy(() -> scores(dense(ROWS), ImportanceCriterion.BATCH_NORM, Gradients.NONE))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "criterion: batch-norm (expected: another one, as no group of model 'dense' has a BatchNormalization)");
  }

  @Test
  void scores_ofWeightsThatAreNotFinite_areRefusedInOneLine() {
    assertThatThrownBy(
            () ->
                scores(dense(3, Float.POSITIVE_INFINITY, 1, 1, 0, 2), ImportanceCriterion.L1, null))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "Gemm 'hidden' weights 'w': Infinity among them (expected: finite numbers); train it again");
  }

  @Test
  void by_deadChannels_takesThemFirstEvenOutOfALayerOfZeros() {
    Pruned pruned =
        Pruner.of(
                dense(3, -4, 0, 0, 0, 2),
                ImportanceCriterion.L1,
                Allocation.UNIFORM,
                PruningLimits.USUAL)
            .by(0.34);
    assertThat(pruned.model().initializers().get("w"))
        .isEqualTo(HostTensor.ofFloats(Shape.of(2, 2), 3, -4, 0, 2));
    Pruned zeros =
        Pruner.of(
                dense(0, 0, 0, 0, 0, 0),
                ImportanceCriterion.FPGM,
                Allocation.GLOBAL,
                PruningLimits.USUAL)
            .by(0.7);
    assertThat(zeros.groups().get(0).stay()).isEqualTo(1);
  }

  @Test
  void by_globalRanking_takesMoreWhereLessMattersAndLeavesAFloor() {
    Graph net = new Mlp(List.of(10, 10), 0).build(Shape.of(6), 3, 1);
    float[] second = net.initializers().get("dense2.weight").toFloats();
    for (int i = 10; i < second.length; i++) {
      second[i] *= 0.01f; // nine of ten units say hardly anything
    }
    Graph lopsided =
        net.withInitializers(
            Map.of("dense2.weight", HostTensor.ofFloats(Shape.of(10, 10), second)));
    PruningLimits bounds = new PruningLimits(0.8, 1, List.of());
    Pruned pruned = Pruner.of(lopsided, ImportanceCriterion.L1, Allocation.GLOBAL, bounds).by(0.4);
    assertThat(pruned.groups().stream().map(Pruned.Width::summary))
        .containsExactly("dense1 10 -> 10", "dense2 10 -> 2");
    assertThat(pruned.notes()).containsExactly("dense2: 2 of 10 channels stay, its floor");
  }

  @Test
  void by_multipleOf_roundsWhatStaysUp() {
    Graph net = new Cnn(List.of("8", "16"), List.of(20), 0, false).build(Shape.of(1, 8, 8), 2, 1);
    PruningLimits bounds = new PruningLimits(0.9, 8, List.of());
    Pruned pruned = Pruner.of(net, ImportanceCriterion.L1, Allocation.UNIFORM, bounds).by(0.5);
    assertThat(pruned.groups().stream().map(Pruned.Width::stay)).containsExactly(8, 8, 16);
    assertThatThrownBy(
            () -> Pruner.of(net, ImportanceCriterion.L1, Allocation.UNIFORM, bounds).by(0.01))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("no channel goes (expected:");
  }

  @Test
  void to_aTarget_takesAsLittleAsMeetsIt() {
    Graph net = new ResNet(14, 8).build(Shape.of(1, 16, 16), 5, 1);
    Pruner pruner = Pruner.of(net, ImportanceCriterion.L2, Allocation.GLOBAL, PruningLimits.USUAL);
    Pruned half = pruner.to(Target.macs(0.5));
    assertThat(half.after().macs()).isLessThanOrEqualTo(half.before().macs() / 2);
    assertThat(pruner.by(half.ratio() - 0.001).after().macs())
        .isGreaterThan(half.before().macs() / 2);
    Target both =
        new Target(Optional.of(0.9), Optional.of(0.3), Optional.of(0.5), Optional.empty());
    assertThat(pruner.to(both).after().parameters())
        .isLessThanOrEqualTo((long) (0.3 * half.before().parameters()));
    assertThatThrownBy(() -> pruner.to(Target.macs(0.001)))
        .isInstanceOf(InputFault.class)
        .hasMessageMatching(
            "target cannot be met: macs: 0.001 \\(expected: >= 0\\.0\\d+\\), with 0.9 of the.*");
  }

  @Test
  void of_aQuantizedModel_isRefused() {
    GraphBuilder g = new GraphBuilder("integers");
    g.input("x", DType.FLOAT32, Shape.of(2, 3));
    g.initializer("scale", HostTensor.scalar(1));
    g.output(g.add("QuantizeLinear", Map.of(), "x", "scale"), DType.UINT8, Shape.of(2, 3));
    assertThatThrownBy(() -> ChannelGroups.of(g.build()))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("(expected: a float model); prune it before it is quantized");
  }

  @Test
  void of_aModelThatMixesChannels_namesTheNodeAndRefusesWhereNothingIsLeft() {
    GraphBuilder g = new GraphBuilder("mixed");
    g.input("x", DType.FLOAT32, Shape.of(2).prepend(Dim.of("batch")));
    g.initializer("w", HostTensor.ofFloats(Shape.of(2, 3), ROWS));
    g.initializer("v", HostTensor.ofFloats(Shape.of(3, 1), 1, 1, 1));
    g.addNamed("hidden", "MatMul", Map.of(), "x", "w");
    g.addNamed("shares", "Softmax", Map.of(), "hidden");
    g.addNamed("y", "MatMul", Map.of(), "shares", "v");
    g.output("y", DType.FLOAT32, Shape.of(List.of(Dim.of("batch"), Dim.of(1))));
    assertThatThrownBy(
            () ->
                Pruner.of(
                    g.build(), ImportanceCriterion.L1, Allocation.UNIFORM, PruningLimits.USUAL))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "model 'mixed': no channel can go; MatMul 'hidden': 3 of its 3 channels stay: Softmax 'shares': compares channels with each other");
  }

  @Test
  void latencyTarget_isMeasuredBesideTheWholeModel() {
    Graph net = new Mlp(List.of(512, 512), 0).build(Shape.of(256), 3, 1);
    Target target =
        new Target(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(0.97));
    Pruned pruned =
        Pruner.of(net, ImportanceCriterion.L1, Allocation.UNIFORM, PruningLimits.USUAL).to(target);
    assertThat(pruned.after().macs()).isLessThan(pruned.before().macs());
  }

  @Test
  void masks_ofAGemmOfAnyFactorsAndBias_areThoseOfItsWeights() {
    GraphBuilder g = new GraphBuilder("scaled");
    g.input("x", DType.FLOAT32, Shape.of(2).prepend(Dim.of("batch")));
    g.initializer("w", HostTensor.ofFloats(Shape.of(3, 2), ROWS));
    g.initializer("one", HostTensor.scalar(1));
    Map<String, Attribute> scaled =
        Map.of("transB", Attribute.of(1), "alpha", Attribute.of(.5f), "beta", Attribute.of(2f));
    g.addNamed("y", "Gemm", scaled, "x", "w", "one");
    g.output("y", DType.FLOAT32, Shape.of(List.of(Dim.of("batch"), Dim.of(3))));
    Sparsity half = new Sparsity(Optional.of(.5), Optional.empty(), 1);
    assertThat(new Masks(half, List.of()).layers(g.build())).containsOnlyKeys("w");
  }

  @Test
  void sparsity_growsByTheCubeOfWhatIsLeft() {
    Sparsity nine = new Sparsity(Optional.of(0.9), Optional.empty(), 0.5);
    List<Double> at = new ArrayList<>();
    for (long step : new long[] {0, 100, 200, 400, 700}) {
      at.add(nine.at(step, 800));
    }
    // 0.9 (1 - (1 - u)^3) at u = 0, 1/4, 1/2, 1
    assertThat(at.stream().mapToDouble(s -> s).toArray())
        .containsExactly(new double[] {0, 0.5203125, 0.7875, 0.9, 0.9}, within(1e-12));
    assertThat(new Sparsity(Optional.of(0.9), Optional.empty(), 1).at(9, 10)).isEqualTo(0.9);
  }

  @Test
  void mask_ofMagnitude_keepsTheLargestAndTheFirstOfEquals() {
    HostTensor weights = HostTensor.ofFloats(Shape.of(2, 3), 1, -3, 2, 2, 0, -2);
    assertThat(Masks.ofMagnitude(weights, 0.5).toFloats()).containsExactly(0, 1, 1, 1, 0, 0);
    assertThat(Masks.ofMagnitude(weights, 0.99).toFloats()).containsExactly(0, 1, 0, 0, 0, 0);
  }

  @Test
  void mask_ofAPattern_keepsTheLargestOfEachPartOfAnOutputsInputs() {
    GraphBuilder g = new GraphBuilder("parts");
    g.input("x", DType.FLOAT32, Shape.of(5).prepend(Dim.of("batch")));
    g.initializer("w", HostTensor.ofFloats(Shape.of(1, 5), 1, -4, 3, 2, 0.1f));
    g.addNamed("y", "Gemm", Map.of("transB", Attribute.of(1)), "x", "w");
    g.output("y", DType.FLOAT32, Shape.of(List.of(Dim.of("batch"), Dim.of(1))));
    Graph rows = g.build();
    LinearLayer layer = LinearLayer.of(rows, rows.nodes().get(0)).orElseThrow();
    assertThat(Masks.ofPattern(layer, 2, 4).toFloats()).containsExactly(0, 1, 1, 0, 1);
    assertThatThrownBy(() -> new Sparsity(Optional.empty(), Optional.of("4:2"), 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("n-m: '4:2' (expected: n:m with 1 <= n < m <= 64, such as 2:4)");
  }
}
