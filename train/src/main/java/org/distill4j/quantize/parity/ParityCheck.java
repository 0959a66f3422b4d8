package org.distill4j.quantize.parity;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.engine.EngineRuntime;
import org.distill4j.eval.ScoreKind;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.TaskType;
import org.distill4j.graph.Value;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.progress.ProgressListener;
import org.distill4j.reference.ReferencePredictor;
import org.distill4j.reference.ReferenceRuntime;
import org.distill4j.results.IntegerParity;
import org.distill4j.shapes.Cost;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;

/**
 * The parity check: runs a model of integers in ONNX Runtime, in exact arithmetic and, where the
 * engine has all its operators, in the engine's simulation, and compares outputs, answers and every
 * integer on the way. An integer is compared with what exact arithmetic makes of the operands that
 * the runtime itself had: what differs is that layer's own, not what came down from others.
 */
public final class ParityCheck {
  /** How many examples at least, where there are as many. */
  public static final int SAMPLES = 512;

  /** Multiply-adds that exact arithmetic may take, each of its three runs; some seconds. */
  private static final double EXACT_BUDGET = 2e9;

  /** The same where there is no simulation, so that it is the only one to compare with. */
  private static final double ONLY_BUDGET = 6e10;

  private static final int LEAST_EXACT = 16;
  private static final int BATCH = 16;

  private final Graph model;
  private final Preprocessed examples;
  private final RoundedTensors rounded;
  private final Answers answers;
  private final int n;
  private final double each; // multiply-adds
  private final OnnxRuntime runtime;

  private ParityCheck(Graph model, Dataset data, OnnxRuntime runtime) {
    this.model = model;
    this.runtime = runtime;
    this.examples =
        new Preprocessed(data, Metadata.preprocessing(model).orElseGet(data::preprocessing));
    this.rounded = new RoundedTensors(model);
    this.n = (int) Math.min(SAMPLES, data.size());
    this.each = Math.max(1, Cost.of(model).macs());
    boolean single = data.task() == TaskType.SINGLE_LABEL;
    this.answers = new Answers(single, ScoreKind.of(model) == ScoreKind.LOGITS ? 0 : .5);
  }

  /**
   * Checks a model.
   *
   * @param model of QuantizeLinear and DequantizeLinear, or of DynamicQuantizeLinear and
   *     MatMulInteger; one input, one output
   * @param data of which {@link #SAMPLES} are taken evenly, or all where there are fewer
   * @param runtime what the model is for; {@link OnnxRuntime#inRealNumbers} where that is another
   *     machine, whose integers do not saturate as this one's may
   * @param threads how many threads ONNX Runtime and the engine may use, at least 1
   * @throws InputFault if exact arithmetic or ONNX Runtime refuses the model
   */
  public static IntegerParity of(
      Graph model, Dataset data, OnnxRuntime runtime, int threads, ProgressListener listener) {
    if (data.size() < 1) {
      throw new InputFault(
          "data '" + data.name() + "': no examples (expected: some to compare on)");
    }
    return new ParityCheck(model, data, runtime).run(threads, listener);
  }

  /**
   * The same; empty where exact arithmetic refuses the model or what it computes, which the
   * listener is told.
   */
  public static Optional<IntegerParity> ifExecutable(
      String name,
      Graph model,
      Dataset data,
      OnnxRuntime runtime,
      int threads,
      ProgressListener listener) {
    try {
      return Optional.of(of(model, data, runtime, threads, listener));
    } catch (InputFault e) {
      listener.note(name + ": not held against exact integers: " + e.lines().get(0));
    } catch (RunFault e) {
      listener.note(name + ": not held against exact integers: " + e.getMessage());
    }
    return Optional.empty();
  }

  private IntegerParity run(int threads, ProgressListener listener) {
    try (Predictor deployed = runtime.open(model, threads);
        Predictor inside = runtime.open(rounded.integersExposed(), threads);
        Predictor simulated = simulation(threads, listener);
        ReferencePredictor exact = new ReferenceRuntime().open(model, threads)) {
      int all = simulated == null ? within(ONLY_BUDGET) : n;
      listener.begin("parity", all, "examples");
      String summary = "given up";
      try {
        AgreementCount tally = new AgreementCount(model.onlyOutput().name(), answers);
        for (int done = 0; done < all; done += size(done)) {
          compare(done, deployed, inside, simulated, exact, tally);
          listener.advance(done + size(done), Map.of());
        }
        IntegerParity parity = tally.parity(compared(simulated != null));
        summary = parity.summary();
        return parity;
      } finally {
        listener.end(summary);
      }
    }
  }

  /** One batch; large models' integers are compared on the first ones alone. */
  private void compare(
      int done,
      Predictor deployed,
      Predictor inside,
      Predictor simulated,
      ReferencePredictor exact,
      AgreementCount tally) {
    int count = size(done);
    Map<String, HostTensor> fed = Map.of(model.onlyInput().name(), batch(done));
    Map<String, HostTensor> found = deployed.run(fed);
    boolean isInside = done < within(EXACT_BUDGET);
    if (isInside || simulated == null) {
      tally.exact(count, found, exact.run(fed));
    }
    if (isInside) {
      Map<String, HostTensor> ofRuntime = new LinkedHashMap<>(inside.run(fed));
      tally.integers(true, ofRuntime, exact.integers(fed, ofRuntime));
    }
    if (simulated != null) {
      Map<String, HostTensor> simulation = simulated.run(fed);
      tally.simulated(count, found, simulation);
      if (isInside) {
        Map<String, HostTensor> ofEngine = rounded.integers(simulation);
        tally.integers(false, ofEngine, exact.integers(fed, ofEngine));
      }
    }
  }

  private List<String> compared(boolean isSimulated) {
    String exact = new ReferenceRuntime().name();
    return isSimulated
        ? List.of(runtime.name(), new EngineRuntime().name(), exact)
        : List.of(runtime.name(), exact);
  }

  /** Null where the engine cannot carry it out, which the listener is told. */
  private Predictor simulation(int threads, ProgressListener listener) {
    try {
      return new EngineRuntime().open(rounded.numbersExposed(), threads);
    } catch (InputFault e) {
      listener.note("not simulated: " + e.lines().get(0).replaceFirst(" \\(expected: .*", ""));
      return null;
    }
  }

  /** As many examples as exact arithmetic may take so many multiply-adds for. */
  private int within(double budget) {
    return (int) Math.max(Math.min(n, LEAST_EXACT), Math.min(n, budget / each));
  }

  private int size(int done) {
    return Math.min(n - done, batchSize());
  }

  private int batchSize() {
    Dim outer = model.onlyInput().shape().dim(0);
    return outer.isKnown() ? Math.toIntExact(outer.size()) : BATCH;
  }

  /** The examples from a position on; a fixed batch that is not full repeats the last. */
  private HostTensor batch(int from) {
    Value input = model.onlyInput();
    int count = input.shape().dim(0).isKnown() ? batchSize() : size(from);
    int each = Math.toIntExact(examples.data().shape().elements());
    float[] values = new float[count * each];
    FloatBuffer target = FloatBuffer.wrap(values);
    for (int i = 0; i < count; i++) {
      long at = Math.min(from + i, n - 1);
      examples.read(at * examples.data().size() / n, target);
    }
    return HostTensor.ofFloats(examples.data().shape().prepend(Dim.of(count)), values);
  }

  /** What an answer is: the largest score, or every label that is given. */
  record Answers(boolean single, double threshold) {
    /** Whether two rows of scores give the same. */
    boolean same(float[] a, float[] b, int start, int classes) {
      if (!single) {
        for (int c = start; c < start + classes; c++) {
          if ((a[c] > threshold) != (b[c] > threshold)) {
            return false;
          }
        }
        return true;
      }
      return largest(a, start, classes) == largest(b, start, classes);
    }

    private static int largest(float[] scores, int start, int classes) {
      int best = start;
      for (int c = start; c < start + classes; c++) {
        best = scores[c] > scores[best] ? c : best;
      }
      return best;
    }
  }

  /** The layers of a parity, in the order in which they were first off. */
  static List<IntegerParity.Layer> layers(Map<String, AgreementCount.Steps> steps) {
    List<IntegerParity.Layer> layers = new ArrayList<>();
    steps.forEach(
        (name, s) -> {
          if (s.largest() > 1) {
            layers.add(new IntegerParity.Layer(name, s.within(false), s.within(true), s.largest()));
          }
        });
    return layers;
  }
}
