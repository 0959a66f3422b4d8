package org.distill4j.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.eval.Comparison;
import org.distill4j.export.ExportSettings;
import org.distill4j.export.Exporter;
import org.distill4j.export.GoldenOutputs;
import org.distill4j.export.OutputRange;
import org.distill4j.format.Bits;
import org.distill4j.format.Format;
import org.distill4j.format.InputOutputType;
import org.distill4j.graph.Graph;
import org.distill4j.inference.Predictor;
import org.distill4j.onnx.OnnxForm;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.PostTraining;
import org.distill4j.quantize.QuantizeSettings;
import org.distill4j.quantize.observe.ActivationType;
import org.distill4j.quantize.observe.Observer;
import org.distill4j.quantize.ptq.RangeMode;

/** Nets of 8-bit integers, and what TFLite and ONNX Runtime answer with them. */
final class Integers {
  private Integers() {}

  /** Weights of 7 bits, so that no processor's sums saturate in ONNX Runtime. */
  static Graph of(Graph trained, Splits data) {
    QuantizeSettings settings =
        new QuantizeSettings(
            RangeMode.STATIC,
            Optional.of(Observer.MIN_MAX),
            512,
            Optional.of(ActivationType.UINT8),
            7,
            false,
            List.of(),
            Optional.empty(),
            List.of());
    return PostTraining.of(trained, data, settings, 1, ProgressListener.NONE).best().graph();
  }

  /**
   * What TFLite answered, held against the same integers computed in real numbers, which are the
   * same on every processor. Both round each layer once; where a sum lies between two integers they
   * may take either, which later layers hear.
   *
   * @param noise the root mean square of how far scores are apart, in steps of the output
   * @param decided of how many examples one score leads by {@link #LEAD} steps or more
   * @param turned of how many of those TFLite has another answer
   * @param paired TFLite's answers against those in real numbers, by the data's labels
   */
  record Answers(double noise, int decided, int turned, Comparison paired) {
    /**
     * The output's own rounding is a noise of 1/sqrt(12) = 0.3 steps; layers before it make it 0.6
     * to 0.8, whatever the weights. What is wrong anywhere on the way moves scores by tens.
     */
    static final double MOST_NOISE = 2;

    /** Two scores, each off by a noise of 0.8, change places from 8 steps apart in 7 deviations. */
    static final int LEAD = 8;

    /** Requires that nothing but roundings tells them apart. */
    void requireTheSame(String description) {
      assertThat(noise).as(description).isLessThan(MOST_NOISE);
      assertThat(decided).as(description).isGreaterThan(paired.n() / 10);
      assertThat(turned).as(description).isZero();
      // two equally good models are so lopsided once in 10,000 times
      assertThat(paired.p()).as(description + " " + paired).isGreaterThan(1e-4);
    }
  }

  /** Writes a net as TFLite and asks both about the golden examples, the first of a data set. */
  static Answers export(
      Graph integers, GoldenOutputs golden, InputOutputType ends, Dataset data, Path folder) {
    ExportSettings settings =
        new ExportSettings(
            Set.of(Format.TFLITE),
            OnnxForm.NEWEST,
            false,
            Optional.empty(),
            ends,
            Bits.ALL,
            Optional.empty());
    Exporter.export(integers, settings, golden, folder);
    OutputRange span = golden.spans().get(golden.first());
    double step = (span.high() - span.low()) / 255;
    double squares = 0;
    int scores = 0;
    int decided = 0;
    int turned = 0;
    int lost = 0;
    int won = 0;
    try (Predictor lite = new TfliteRuntime().open(folder.resolve("tflite/model.tflite"), 1)) {
      for (int i = 0; i < golden.inputs().size(); i++) {
        float[] found = lite.run(golden.inputs().get(i)).get(golden.first()).toFloats();
        float[] exact = golden.outputs().get(i).get(golden.first()).toFloats();
        for (int k = 0; k < exact.length; k++) {
          exact[k] = within(span, exact[k]); // beyond it there are no integers
          double apart = (within(span, found[k]) - exact[k]) / step;
          squares += apart * apart;
          scores++;
        }
        int here = best(found, -1);
        int there = best(exact, -1);
        double lead = exact[there] - exact[best(exact, there)];
        boolean isDecided = lead >= Answers.LEAD * step;
        decided += isDecided ? 1 : 0;
        turned += isDecided && here != there ? 1 : 0;
        int label = data.label(i);
        lost += there == label && here != label ? 1 : 0;
        won += there != label && here == label ? 1 : 0;
      }
    }
    Comparison paired = new Comparison(golden.inputs().size(), lost, won);
    return new Answers(Math.sqrt(squares / scores), decided, turned, paired);
  }

  private static float within(OutputRange span, float score) {
    return (float) Math.max(span.low(), Math.min(span.high(), score));
  }

  /** The largest of all but one. */
  private static int best(float[] scores, int but) {
    int best = but == 0 ? 1 : 0;
    for (int i = 0; i < scores.length; i++) {
      best = i != but && scores[i] > scores[best] ? i : best;
    }
    return best;
  }
}
