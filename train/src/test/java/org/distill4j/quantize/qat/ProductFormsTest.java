package org.distill4j.quantize.qat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.distill4j.Seeds;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.data.TestSet;
import org.distill4j.data.TrainSet;
import org.distill4j.data.ValidationSet;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.EngineRuntime;
import org.distill4j.engine.Optimizer;
import org.distill4j.engine.Rate;
import org.distill4j.engine.TrainSettings;
import org.distill4j.engine.lowering.FakeQuantization;
import org.distill4j.graph.Graph;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.progress.Notes;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.observe.ActivationType;
import org.distill4j.quantize.observe.Observer;
import org.distill4j.quantize.prepare.Noise;
import org.distill4j.quantize.ptq.CalibratedModel;
import org.distill4j.quantize.ptq.DynamicIntegers;
import org.distill4j.quantize.ptq.QuantizationScheme;
import org.distill4j.quantize.ptq.Repair;
import org.distill4j.reference.ReferenceRuntime;
import org.distill4j.zoo.ProductNets;
import org.junit.jupiter.api.Test;

/**
 * MatMul and Gemm in every form on the way to integers. ONNX Runtime's answers of the float net are
 * what each later form is held against.
 */
class ProductFormsTest {
  private static final int NETS = 12;
  private static final int EXAMPLES = 24;
  private static final double ROUNDING = 2e-3; // of the largest answer, behind loud softmaxes
  private static final double STEPS = .02; // likewise, where single integers may fall otherwise
  private static final double EIGHT_BITS = .35; // what integers without any repair may cost
  private static final QuantizationScheme FORM =
      new QuantizationScheme(ActivationType.UINT8, 7, true);

  private static ProductNets.Drawn drawn(int net, boolean loud) {
    return ProductNets.draw(Seeds.of(100 + net), false, loud);
  }

  private static Dataset data(ProductNets.Drawn drawn) {
    return Noise.of(drawn.example(), EXAMPLES);
  }

  private static CalibratedModel ready(Graph graph, Dataset data, Set<Repair> repairs) {
    return CalibratedModel.of(graph, data, repairs, 7, EXAMPLES, 1, ProgressListener.NONE);
  }

  @Test
  void trainingGraph_ofAnyProduct_givesOnnxRuntimesNumbers() {
    for (int net = 0; net < NETS; net++) {
      ProductNets.Drawn drawn = drawn(net, true);
      Dataset data = data(drawn);
      float[] engine = Noise.answers(new EngineRuntime(), drawn.graph(), data);
      assertThat(Noise.difference(Noise.answers(drawn.graph(), data), engine))
          .as("net %d %s", net, drawn)
          .isLessThan(ROUNDING);
    }
  }

  @Test
  void repairs_ofAnyProduct_leaveTheFloatNumbersAndAreNotDropped() {
    int changed = 0;
    long dropped = 0;
    for (int net = 0; net < NETS; net++) {
      ProductNets.Drawn drawn = drawn(net, true);
      Dataset data = data(drawn);
      float[] wanted = Noise.answers(drawn.graph(), data);
      for (Repair repair : List.of(Repair.EQUALIZE, Repair.SPLIT, Repair.SMOOTH)) {
        Notes notes = new Notes();
        CalibratedModel ready =
            CalibratedModel.of(drawn.graph(), data, Set.of(repair), 7, EXAMPLES, 1, notes);
        changed += ready.changed().size();
        assertThat(ready.floating().values())
            .as("net %d: %s", net, drawn.forms())
            .noneMatch(why -> why.contains("scaled") || why.contains("its bias"));
        dropped += notes.lines().stream().filter(l -> l.contains("would not say")).count();
        assertThat(Noise.difference(wanted, Noise.answers(ready.graph(), data)))
            .as("net %d, %s: %s", net, repair, drawn.forms())
            .isLessThan(ROUNDING);
      }
    }
    assertThat(changed).isGreaterThan(NETS / 2);
    assertThat(dropped).isLessThanOrEqualTo(1); // rounding that a loud softmax makes much of
  }

  @Test
  void integers_ofAnyProduct_areSimulatedAndExactAsOnnxRuntimeRunsThem() {
    for (int net = 0; net < NETS; net++) {
      ProductNets.Drawn drawn = drawn(net, false);
      Dataset data = data(drawn);
      Graph integers =
          ready(drawn.graph(), data, Set.of()).integers(Observer.MIN_MAX, FORM, Set.of());
      float[] ran = Noise.answers(integers, data);
      String of = "net %d: %s".formatted(net, drawn.forms());
      assertThat(Noise.difference(Noise.answers(drawn.graph(), data), ran))
          .as(of)
          .isLessThan(EIGHT_BITS);
      assertThat(Noise.difference(ran, Noise.answers(new EngineRuntime(), integers, data)))
          .as("simulated, " + of)
          .isLessThan(STEPS);
      assertThat(Noise.difference(ran, Noise.answers(new ReferenceRuntime(), integers, data)))
          .as("exact, " + of)
          .isLessThan(STEPS);
    }
  }

  @Test
  void dynamicIntegers_ofAnyProduct_areExactAsOnnxRuntimeRunsThem() {
    for (int net = 0; net < NETS; net++) {
      ProductNets.Drawn drawn = drawn(net, false);
      Dataset data = data(drawn);
      Graph integers = DynamicIntegers.of(drawn.graph(), FORM.weightBits(), Set.of()).graph();
      float[] ran = Noise.answers(integers, data);
      String of = "net %d: %s".formatted(net, drawn.forms());
      assertThat(Noise.difference(Noise.answers(drawn.graph(), data), ran))
          .as(of)
          .isLessThan(EIGHT_BITS);
      assertThat(Noise.difference(ran, Noise.answers(new ReferenceRuntime(), integers, data)))
          .as("exact, " + of)
          .isLessThan(STEPS);
    }
  }

  @Test
  void repaired_ofAnyProduct_isNearAndExactAsOnnxRuntimeRunsIt() {
    for (int net = 0; net < 4; net++) {
      ProductNets.Drawn drawn = drawn(net, false);
      Dataset data = data(drawn);
      Graph integers =
          ready(drawn.graph(), data, Set.of())
              .repaired(
                  Observer.MIN_MAX,
                  FORM,
                  Set.of(),
                  EnumSet.of(Repair.CORRECT_BIAS, Repair.ROUND),
                  ProgressListener.NONE);
      float[] ran = Noise.answers(integers, data);
      String of = "net %d: %s".formatted(net, drawn.forms());
      assertThat(Noise.difference(Noise.answers(drawn.graph(), data), ran))
          .as(of)
          .isLessThan(EIGHT_BITS);
      assertThat(Noise.difference(ran, Noise.answers(new ReferenceRuntime(), integers, data)))
          .as("exact, " + of)
          .isLessThan(STEPS);
    }
  }

  @Test
  void commit_ofAnyProduct_shipsWhatWasSimulated() {
    for (int net = 0; net < NETS; net++) {
      ProductNets.Drawn drawn = drawn(net, false);
      Dataset data = data(drawn);
      CalibratedModel ready =
          ready(drawn.graph(), data, EnumSet.of(Repair.EQUALIZE, Repair.SMOOTH));
      Graph integers = ready.integers(Observer.MIN_MAX, FORM, Set.of());
      Graph settled =
          FakeQuantizationRemoval.settled(
              TrainableForm.of(integers, ready.graph(), Set.of()), FORM.weightBits());
      Graph shipped = new FakeQuantizationRemoval().apply(settled).graph();
      float[] wanted = Noise.answers(integers, data);
      String of = "net %d: %s".formatted(net, drawn.forms());
      assertThat(Noise.difference(wanted, Noise.answers(new EngineRuntime(), settled, data)))
          .as("trained, " + of)
          .isLessThan(STEPS);
      assertThat(Noise.difference(wanted, Noise.answers(shipped, data)))
          .as("shipped, " + of)
          .isLessThan(STEPS);
    }
  }

  @Test
  void run_ofAnyProduct_trainsAndShipsTheSame() {
    for (int net = 0; net < 2; net++) {
      ProductNets.Drawn drawn = drawn(net, false);
      Dataset data = data(drawn);
      Splits splits = new Splits(new TrainSet(data), new ValidationSet(data), new TestSet(data));
      TrainSettings one =
          new TrainSettings(1, 8, Optimizer.adam(), new Rate.Constant(.001, 0), 0, 0, 0);
      CalibratedModel ready = ready(drawn.graph(), data, Set.of());
      QuantizationAwareTraining.Trial trial =
          new QuantizationAwareTraining(
                  ready,
                  FORM,
                  Set.of(),
                  new AwareSettings(1, 1, FakeQuantization.Ranges.MOVING_AVERAGE, List.of()),
                  splits,
                  new OnnxRuntime(),
                  1,
                  ProgressListener.NONE)
              .run(
                  Observer.MIN_MAX,
                  (graph, temperature) -> Trainer.of(graph, splits).settings(one).threads(1))
              .get(0);
      float[] trained = Noise.answers(new EngineRuntime(), trial.trained().model(), data);
      assertThat(Noise.difference(trained, Noise.answers(trial.graph(), data)))
          .as("net %d: %s", net, drawn.forms())
          .isLessThan(2 * STEPS);
    }
  }
}
